using System.Diagnostics;

namespace PiTap.Host.Tests.Published;

/// <summary>
/// The program as users get it: `tests/run.sh` names the published one, which is compiled ahead of time. Else the one beside the tests.
/// </summary>
internal static class Executable
{
    private const int TimeoutMs = 60_000;

    public static string File => Environment.GetEnvironmentVariable("PITAP_EXECUTABLE") ?? Path.Combine(AppContext.BaseDirectory, "pitap");

    public static Process Start(params string[] args) => Process.Start(new ProcessStartInfo(File, args)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using Process process = Start(args);
        process.StandardInput.Close();
        return End(process);
    }

    /// <summary>What a process said until its end, which comes in time.</summary>
    public static (int Code, string Output, string Error) End(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeoutMs), "the process does not end");
        return (process.ExitCode, output, error.Result);
    }

    public static void WaitUntil(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, TimeoutMs), what);
}
