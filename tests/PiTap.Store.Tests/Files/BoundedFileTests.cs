using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

/// <summary>Of a file that somebody else may have put there no more is read than it may have.</summary>
public sealed class BoundedFileTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_000, 2_000)]
    public void A_file_is_read_whole(int length, int most)
    {
        using TempFolder folder = new();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        File.WriteAllBytes(folder.Store, bytes);
        Assert.Equal(bytes, BoundedFile.Read(folder.Store, most));
    }

    [Fact]
    public void One_with_more_bytes_than_it_may_have_is_not_read()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder.Store, new byte[1_001]);
        Assert.Null(BoundedFile.Read(folder.Store, 1_000));
    }

    [Fact]
    public void One_that_says_that_it_has_no_length_is_read_to_its_end_or_to_where_it_is_too_long()
    {
        const string path = "/proc/self/status";
        Assert.SkipUnless(File.Exists(path), "there is no such file here");
        byte[]? whole = BoundedFile.Read(path, 1 << 20);
        Assert.NotNull(whole);
        Assert.Equal((byte)'\n', whole[^1]);
        Assert.Null(BoundedFile.Read(path, 100));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        using TempFolder folder = new();
        File.CreateSymbolicLink(folder.Store, "/proc/self/status");
        Assert.Throws<StoreException>(() => BoundedFile.Read(folder.Store, 1 << 20));
    }
}
