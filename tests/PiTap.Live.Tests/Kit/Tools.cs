namespace PiTap.Live.Tests.Kit;

/// <summary>The tools that live tests lean on.</summary>
internal static class Tools
{
    /// <summary>Skips the test, with the reason, where it cannot make namespaces or a tool is missing.</summary>
    public static void Require(params string[] tools)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Making network namespaces takes root on Linux.");
        foreach (string tool in tools.Prepend("ip"))
            Assert.SkipUnless(Exists(tool), $"{tool} is not installed.");
    }

    /// <summary>Runs a tool to its end, which must be a good one.</summary>
    public static string Run(string tool, params string[] arguments)
    {
        using Running running = new(tool, arguments);
        int code = running.WaitForEnd();
        return code == 0 ? running.Output : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)}: {running.Error}");
    }

    private static bool Exists(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/sbin", "/usr/sbin", "/bin", "/usr/bin"])
            .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
