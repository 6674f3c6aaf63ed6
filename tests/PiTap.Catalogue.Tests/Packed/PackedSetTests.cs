using CsCheck;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Packed;

public sealed class PackedSetTests
{
    private static readonly byte[] s_file = PackedBytes.Countries("SG", "JP");

    [Fact]
    public void A_file_says_what_it_is()
    {
        PackedSet set = PackedSet.Parse(s_file, PackedKind.Countries, 5, out string? error)!;
        Assert.Null(error);
        Assert.Equal(new SetDescription("test", "a test", "test", "1.0.0", new DateOnly(2026, 1, 31), "MIT", "https://example.com/", 7,
            s_file.Length), set.Description);
        Assert.True(set.IsWhole());
    }

    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xe306_9283u, PackedSet.Checksum("123456789"u8));

    [Theory]
    [InlineData(0, "it is no packed set of PiTap")]
    [InlineData(8, "it has format 2, and this version of PiTap reads format 1")]
    [InlineData(10, "it is a set of kind 0, not 1")]
    [InlineData(16, "it has 337 bytes, and says that it has 338")]
    [InlineData(24, "it has 7 sections, not 6")]
    public void What_is_wrong_with_a_head_is_said(int offset, string sentence)
    {
        byte[] file = [.. s_file];
        file[offset] = offset == 10 ? (byte)0 : (byte)(file[offset] + 1);
        Assert.Null(PackedSet.Parse(file, PackedKind.Countries, 5, out string? error));
        Assert.Equal(sentence.Replace("337", $"{file.Length}", StringComparison.Ordinal)
            .Replace("338", $"{file.Length + 1}", StringComparison.Ordinal), error);
    }

    [Fact]
    public void A_description_that_lacks_a_line_is_refused()
    {
        string description = PackedBytes.Description.Replace("licence: MIT\n", "", StringComparison.Ordinal);
        byte[] file = PackedBytes.File(PackedKind.NetworkCountries, description, new byte[1]);
        Assert.Null(PackedSet.Parse(file, PackedKind.NetworkCountries, 1, out string? error));
        Assert.Equal("it does not say its licence", error);
        description = PackedBytes.Description.Replace("2026-01-31", "31.1.", StringComparison.Ordinal);
        file = PackedBytes.File(PackedKind.NetworkCountries, description, new byte[1]);
        Assert.Null(PackedSet.Parse(file, PackedKind.NetworkCountries, 1, out error));
        Assert.Equal("its date '31.1.' is not of the form 2026-01-31", error);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        for (int length = 0; length < s_file.Length; length++)
        {
            Assert.Null(CountrySet.Parse(s_file.AsMemory(0, length), out string? error));
            Assert.NotNull(error);
        }
    }

    [Fact]
    public void A_byte_that_is_not_as_it_was_is_told_by_the_checksum_and_breaks_no_lookup()
    {
        Assert.True(IpAddress.TryParse("1.2.3.4", out IpAddress v4));
        Assert.True(IpAddress.TryParse("2001:db8::1", out IpAddress v6));
        for (int offset = 0; offset < s_file.Length; offset++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
            {
                byte[] file = [.. s_file];
                if (file[offset] == value)
                    continue;
                file[offset] = value;
                CountrySet? set = CountrySet.Parse(file, out string? error);
                Assert.Equal(set is null, error is not null);
                _ = set?.Find(v4);
                _ = set?.Find(v6);
                Assert.False(set?.IsWhole() ?? false);
            }
        }
    }

    [Fact]
    public void Any_bytes_get_a_sentence_or_an_answer() =>
        Gen.Byte.Array[0, 200].Sample(static tail =>
        {
            byte[] file = [.. s_file[..Math.Min(s_file.Length, 300)], .. tail];
            CountrySet? set = CountrySet.Parse(file, out string? error);
            Assert.Equal(set is null, error is not null);
        });
}
