using System.Text;
using PiTap.Wire.Application.Other;

namespace PiTap.Wire.Tests.Application.Other;

public sealed class TextProbeTests
{
    /// <summary>What the doc comment states: one in so many random payloads may be taken for text.</summary>
    private const int PayloadsPerMistake = 100_000;

    [Theory]
    [InlineData("user=4711 room=blue token=abcdef")]
    [InlineData("{\"姓名\":\"王小明\",\"房间\":\"每日新闻讨论\"}")]
    [InlineData("{\"имя\":\"Анна\",\"комната\":\"Вечерние новости\"}")]
    [InlineData("{\"الاسم\":\"ليلى\",\"الغرفة\":\"أخبار المساء\"}")]
    [InlineData("{\"שם\":\"נועה\",\"חדר\":\"חדשות הערב\"}")]
    [InlineData("{\"όνομα\":\"Ελένη\",\"δωμάτιο\":\"Βραδινές ειδήσεις\"}")]
    [InlineData("{\"नाम\":\"सीता\",\"कमरा\":\"शाम की ख़बर\"}")]
    [InlineData("{\"ชื่อ\":\"สมชาย\",\"ห้อง\":\"ข่าวภาคค่ำ\"}")]
    [InlineData("{\"이름\":\"김민수\",\"방\":\"저녁 뉴스 이야기\"}")]
    [InlineData("今夜のニュースについて、みんなで話しましょう。")]
    [InlineData("Phòng: bản tin buổi tối, người dùng Nguyễn")]
    [InlineData("Übertragung läuft für Jürgen Größe")]
    [InlineData("😀😀😀😀 hello 👍🏽👍🏽")]
    public void Text_in_any_script_is_readable(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(TextProbe.IsReadable(bytes));
        // A binary header before it, as the length and type of a record.
        Assert.True(TextProbe.IsReadable([0, 0, 1, 0x9c, .. bytes]));
    }

    [Theory]
    [InlineData("中文")]
    [InlineData("Да, нет")]
    public void A_few_characters_prove_nothing(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        Assert.False(TextProbe.IsReadable(payload));
        Assert.Equal(0, TextProbe.ReadableBytes(payload));
    }

    [Fact]
    public void A_run_keeps_to_one_script()
    {
        // As bytes that make UTF-8 by chance would: each character of another script.
        Assert.Equal(0, TextProbe.ReadableBytes(Encoding.UTF8.GetBytes("жبωשжبωשжبωשжبωשжبωש")));
        Assert.Equal(40, TextProbe.ReadableBytes(Encoding.UTF8.GetBytes("жжжжжжжжжжبببببببببب")));
        Assert.Equal(28, TextProbe.ReadableBytes(Encoding.UTF8.GetBytes("жжж, жжж; жжжж a b")));
    }

    [Fact]
    public void What_is_no_UTF_8_is_no_text()
    {
        // Overlong forms, surrogates, bytes beyond Unicode, lone continuation bytes (RFC 3629 section 3).
        foreach (byte[] wrong in (byte[][])[[0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xff]])
            Assert.Equal(0, TextProbe.ReadableBytes([.. Enumerable.Repeat(wrong, 20).SelectMany(static part => part)]));
        // Control characters and private ones.
        Assert.Equal(
            0, TextProbe.ReadableBytes(
                Encoding.UTF8.GetBytes(new string('\u0085', 20) + new string('\ue000', 20) + new string('\u0007', 20))));
    }

    [Fact]
    public void A_character_that_is_cut_ends_the_text()
    {
        byte[] text = Encoding.UTF8.GetBytes("房间房间房间");
        for (int length = 0; length <= text.Length; length++)
        {
            int whole = length / 3 * 3;
            Assert.Equal(whole >= 12 ? whole : 0, TextProbe.ReadableBytes(text.AsSpan(0, length)));
        }
    }

    [Fact]
    [Trait("cap", "Wire.TextProbe.MaxBytes")]
    public void Only_the_first_bytes_are_looked_at()
    {
        byte[] late = new byte[512 + 100];
        late.AsSpan(512 - 7).Fill((byte)'a');
        Assert.Equal(0, TextProbe.ReadableBytes(late));
        Assert.Equal(512, TextProbe.ReadableBytes(Enumerable.Repeat((byte)'a', 2_000).ToArray()));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(99, false)]
    [Trait("cap", "Wire.TextProbe.MaxBytesPerReadableByte")]
    public void One_byte_in_four_is_text_where_a_payload_is(int text, bool isReadable)
    {
        byte[] payload = new byte[400];
        payload.AsSpan(0, text).Fill((byte)'a');
        Assert.Equal(isReadable, TextProbe.IsReadable(payload));
    }

    [Fact]
    public void Random_bytes_are_text_as_seldom_as_stated()
    {
        const int Payloads = 1_000_000;
        var random = new Random(20_210_212);
        byte[] buffer = new byte[1_400];
        int mistakes = 0;
        for (int i = 0; i < Payloads; i++)
        {
            Span<byte> payload = buffer.AsSpan(0, random.Next(32, buffer.Length + 1));
            random.NextBytes(payload);
            if (TextProbe.IsReadable(payload))
                mistakes++;
        }
        Assert.InRange(mistakes, 0, Payloads / PayloadsPerMistake - 1);
    }

    [Fact]
    public void Looking_allocates_nothing()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"комната\":\"Вечерние новости\"} 今夜のニュース");
        Assert.Equal(0, HostileBytes.Allocated(() => TextProbe.IsReadable(text)));
    }
}
