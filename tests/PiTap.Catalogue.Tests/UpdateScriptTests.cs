using System.Diagnostics;
using System.Text.Json;
using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Tests;

/// <summary>The committed sets are what the script makes from the packages that are pinned.</summary>
public sealed class UpdateScriptTests
{
    private static readonly string s_update = Path.Combine(Repository.DataFolder, "update");

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    [Fact]
    public void Each_set_names_the_version_that_is_pinned_by_its_hash()
    {
        using JsonDocument sets = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_update, "sets.json")));
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_update, "package-lock.json")));
        SetDescription[] made = [.. Lookups.Load().Sets.Where(static set => set.Package != "-")];
        Assert.Equal(sets.RootElement.EnumerateObject().Select(static set => set.Name).Order(StringComparer.Ordinal),
            made.Select(static set => set.Name));
        Assert.All(made, set =>
        {
            JsonElement said = sets.RootElement.GetProperty(set.Name);
            Assert.Equal((said.GetProperty("package").GetString(), said.GetProperty("version").GetString()), (set.Package, set.Version));
            Assert.Equal($"{set.Date:yyyy-MM-dd}", said.GetProperty("date").GetString());
            Assert.Equal((said.GetProperty("licence").GetString(), said.GetProperty("source").GetString()), (set.Licence, set.Source));
            JsonElement pinned = locked.RootElement.GetProperty("packages").GetProperty("node_modules/" + set.Package);
            Assert.Equal(set.Version, pinned.GetProperty("version").GetString());
            Assert.StartsWith("sha512-", pinned.GetProperty("integrity").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_files_are_what_the_script_makes()
    {
        if (Environment.GetEnvironmentVariable("PITAP_LONG") != "1")
            Assert.Skip("takes a minute and downloads 60 MB: PITAP_LONG=1 asks for it");
        if (!IsOnPath("node") || !IsOnPath("npm"))
            Assert.Skip("needs Node and npm, which are not installed");
        (int code, string output) = await Run("npm", "ping");
        if (code != 0)
            Assert.Skip("npm reaches no registry: " + output);
        (code, output) = await Run(Path.Combine(s_update, "update.sh"), "--check");
        Assert.True(code == 0, output);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(s_patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output + await error);
    }
}
