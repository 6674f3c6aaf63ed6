using System.Text;

namespace PiTap.Host.Tests.Commands;

/// <summary>Contacts of one device that are damaged in the file.</summary>
public sealed class DamagedTotalsTests : IDisposable
{
    private const string Host = "www.example.org";

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_left_out_every_command_that_reads_them_says_so_and_the_rest_goes_on()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 3, host: Host);
        Assert.Equal(0, Run("replay", _folder.File("a.pcapng")).Code);
        byte[] bytes = File.ReadAllBytes(Db);
        // As it stands in a document (BSON 1.1): behind its length, with a zero at its end.
        byte[] text = [.. BitConverter.GetBytes(Host.Length + 1), .. Encoding.ASCII.GetBytes(Host), 0];
        int at = bytes.AsSpan().IndexOf(text);
        Assert.True(at > 0 && bytes.AsSpan(at + 1).IndexOf(text) < 0);
        bytes[at + sizeof(int)] ^= 1;
        File.WriteAllBytes(Db, bytes);

        AssertDamaged("contacts", 0);
        AssertDamaged("stats", null);
        (int code, string output, _) = Run("flows", "--format", "jsonl");
        Assert.Equal((0, 3), (code, output.AsSpan().Count('\n')));

        SampleCapture.Write(_folder.File("b.pcapng"), flows: 2, host: "new.example.net");
        (code, _, string error) = Run("replay", _folder.File("b.pcapng"));
        Assert.Equal(0, code);
        Assert.Contains($"The store {Db} has damaged documents of contacts, devices or hours, which are left out: 1.", error,
            StringComparison.Ordinal);
        AssertDamaged("contacts", 1);
        AssertDamaged("stats", null);
    }

    private void AssertDamaged(string verb, int? records)
    {
        (int code, string output, string error) = records is null ? Run(verb) : Run(verb, "--format", "jsonl");
        Assert.Equal(1, code);
        Assert.Contains($"1 damaged part of the store {Db} left out: records are missing above.", error, StringComparison.Ordinal);
        if (records is int count)
            Assert.Equal(count, output.AsSpan().Count('\n'));
    }

    private (int Code, string Output, string Error) Run(params string[] args)
    {
        using TestSurface test = new();
        int code = test.Run([.. args, "--db", Db]);
        return (code, test.Output, test.Error);
    }
}
