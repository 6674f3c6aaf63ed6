using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using PiTap.Live.Tests.Kit;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;

namespace PiTap.Live.Tests;

/// <summary>What `pitap live` does about a store that it cannot use, or can no longer use.</summary>
public sealed class StoreTests
{
    private const int Port = 7000;
    private const int PageBytes = 8192;

    [Fact]
    public void A_full_disk_is_said_and_survived()
    {
        Tools.Require("tcpdump", "mount");
        using TapWorld world = new();
        string disk = world.MountTmpfs("disk", kibibytes: 6 * 1024);
        string db = Path.Combine(disk, "pitap.db");
        using Tcpdump tcpdump = new(world, Filter(Port), snapLengthBytes: 96);
        using Running live = Pitap.Live(world, db, "--filter", Filter(Port));
        using UdpLoad load = new(world, Port, 1000);
        Wait.Until(() => Kept(db) > 0, static () => "the first packets in the store");

        long before = Kept(db);
        string ballast = Path.Combine(disk, "ballast");
        FillUp(ballast);
        live.WaitForError("is full: records wait in memory and are written as soon as there is room.");
        Assert.True(Kept(db) >= before);
        long sentWhenFull = load.Sent;
        Wait.Until(() => load.Sent > sentWhenFull + 2000, static () => "load while the disk is full");
        Assert.False(live.HasEnded);

        File.Delete(ballast);
        live.WaitForError("is written again.");
        long sentWhenFree = load.Sent;
        Wait.Until(() => Kept(db) > sentWhenFree, static () => "what came while the disk was full");
        load.Stop();
        IReadOnlyList<Seen> seen = tcpdump.End();
        Assert.Equal(0, live.End(Native.Terminate));
        RunLine run = Assert.Single(Pitap.Runs(db));
        SourceLine source = Assert.Single(run.Sources);
        Assert.True(run.Complete);
        Assert.DoesNotContain(run.Losses, static loss => loss.Key.Contains("store", StringComparison.OrdinalIgnoreCase) && loss.Value > 0);
        Totals.AreThoseOf(seen, Port, source, Pitap.Flows(db));
    }

    [Fact]
    public void A_capture_killed_on_a_full_disk_keeps_what_was_committed()
    {
        Tools.Require("mount");
        using TapWorld world = new();
        string disk = world.MountTmpfs("disk", kibibytes: 6 * 1024);
        string db = Path.Combine(disk, "pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", Filter(Port));
        using UdpLoad load = new(world, Port, 1000);
        FillBelow(live, db);
        live.Kill();
        load.Stop();
        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        FlowLine[] flows = Pitap.Flows(db);
        Assert.True(source.Kept > 1000);
        Assert.Equal((source.Kept, source.BytesKept), (flows.Sum(static flow => flow.Packets), flows.Sum(static flow => flow.Bytes)));
        // It has no room for what it captures, and says so.
        using Running still = Pitap.Live(world, db, "--duration", "1s");
        Assert.Equal(1, still.WaitForEnd());
        Assert.DoesNotContain("damage", still.Error, StringComparison.Ordinal);
        File.Delete(BallastBeside(db));
        using Running next = Pitap.Live(world, db, "--duration", "1s");
        Assert.Equal(0, next.WaitForEnd());
        Assert.Equal(source.Kept, Pitap.Runs(db)[0].Sources[0].Kept);
        Assert.Equal(flows.Length, Pitap.Flows(db).Count(static flow => flow.ServerPort == Port));
    }

    [Fact]
    public void A_disk_that_is_full_at_the_end_is_the_last_word_and_a_failure()
    {
        Tools.Require("mount");
        using TapWorld world = new();
        string disk = world.MountTmpfs("disk", kibibytes: 6 * 1024);
        string db = Path.Combine(disk, "pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", Filter(Port));
        using UdpLoad load = new(world, Port, 1000);
        FillBelow(live, db);
        load.Stop();
        Assert.Equal(1, live.End(Native.Terminate));
        Assert.Contains($"The store {db} was closed before everything could be written.", live.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Ended normally.", live.Error, StringComparison.Ordinal);
        Assert.Matches($"pitap: The last [0-9]+ records of this run are not on the disk: the store {db} cannot be written\\.$", live.Error);
    }

    [Fact]
    public void A_folder_that_can_only_be_read_is_refused_before_anything_starts()
    {
        Tools.Require("mount");
        using TapWorld world = new();
        string db = Path.Combine(world.MountTmpfs("readonly", kibibytes: 64, isReadOnly: true), "pitap.db");
        using Running live = Pitap.StartLive(world, db);
        Assert.Equal(1, live.WaitForEnd());
        Assert.Equal($"pitap: The store {db} is on a disk that can only be read.", live.Error);
    }

    [Theory]
    [InlineData(0, PageBytes)]
    [InlineData(PageBytes, 8 * PageBytes)]
    [InlineData(0, int.MaxValue)]
    public void A_damaged_store_is_set_aside_and_a_fresh_one_begun(int from, int bytes)
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using (Running first = Pitap.Live(world, db))
        {
            UdpPeer.Send(world, Port, 500);
            Wait.Until(() => Kept(db) >= 500, static () => "packets in the store");
            Assert.Equal(0, first.End(Native.Terminate));
        }
        byte[] damaged = File.ReadAllBytes(db);
        Span<byte> part = damaged.AsSpan(Math.Min(from, damaged.Length - 1));
        RandomNumberGenerator.Fill(part[..Math.Min(part.Length, bytes)]);
        File.WriteAllBytes(db, damaged);

        using Running live = Pitap.Live(world, db);
        string aside = Assert.Single(Directory.EnumerateFiles(world.Folder, "pitap.db.damaged-*"));
        Assert.Contains($"pitap: The store {db} was damaged and is now {aside}; a fresh one was begun.", live.Error,
            StringComparison.Ordinal);
        // LiteDB notes on the first page that it found something wrong; the rest is as it was.
        Assert.Equal(damaged[PageBytes..], File.ReadAllBytes(aside)[PageBytes..]);
        UdpPeer.Send(world, Port, 300);
        Wait.Until(() => Kept(db) >= 300, static () => "packets in the fresh store");
        Assert.Equal(0, live.End(Native.Terminate));
        Assert.Equal(300, Pitap.Flows(db).Where(static flow => flow.ServerPort == Port).Sum(static flow => flow.Packets));
    }

    [Fact]
    public void A_second_daemon_on_a_store_is_refused_and_the_first_goes_on()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running first = Pitap.Live(world, db, "--filter", Filter(Port));
        using Running second = Pitap.StartLive(world, db);
        Assert.Equal(1, second.WaitForEnd());
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"pitap: The store {db} is already being written by process {first.Id}."),
            second.Error);
        UdpPeer.Send(world, Port, 100);
        Wait.Until(() => Kept(db) == 100, static () => "packets in the first one's store");
        Assert.Equal(0, first.End(Native.Terminate));
        Assert.Single(Pitap.Runs(db));
    }

    [Fact]
    public void What_was_deleted_to_stay_within_the_size_is_the_last_word()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        string capture = world.FileNamed("names.pcap");
        File.WriteAllBytes(capture, [.. CaptureOfNames(60_000)]);
        Assert.Equal(0, Pitap.Run("replay", "--db", db, capture).Code);
        int before = Pitap.Lines("names", db).Length;
        using Running live = Pitap.Live(world, db, "--duration", "1s", "--max-size", "1MiB");
        Assert.Equal(0, live.WaitForEnd());
        Assert.InRange(Pitap.Lines("names", db).Length, 0, before - 1);
        Assert.Matches($"pitap: Deleted meanwhile from the store {db} by --retain-days and --max-size: "
            + "[0-9,]+ flows, [1-9][0-9,]* lookups, [0-9,]+ contacts, [0-9,]+ files that were set aside\\.$", live.Error);
    }

    /// <summary>A pcap file of questions for names that do not compress (draft-ietf-opsawg-pcap section 4).</summary>
    private static IEnumerable<byte> CaptureOfNames(int count)
    {
        Random random = new(1);
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        (header[4], header[6], header[18], header[20]) = (2, 4, 4, (byte)LinkType.Ethernet);
        for (int i = 0; i < count; i++)
        {
            byte[] name = new byte[24];
            random.NextBytes(name);
            byte[] query = new DnsBytes(DnsBytes.Query, (ushort)i).Question(Convert.ToHexStringLower(name) + ".example", 1).ToArray();
            byte[] frame = Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac,
                Packets.Ipv4(Packets.Phone, Packets.Server, IpProtocols.Udp, Packets.Udp(40_000, 53, query)));
            byte[] record = new byte[16];
            BinaryPrimitives.WriteInt32LittleEndian(record, 1_613_149_200 + i / 1_000);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), frame.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), frame.Length);
            foreach (byte[] part in (byte[][])[header, record, frame])
            {
                foreach (byte value in part)
                    yield return value;
            }
            header = [];
        }
    }

    private static string Filter(int port) => string.Create(CultureInfo.InvariantCulture, $"udp port {port}");

    private static long Kept(string db) => Pitap.Runs(db).SelectMany(static run => run.Sources).Sum(static source => source.Kept);

    /// <summary>Lets a capture store something, and takes its disk's room away.</summary>
    private static void FillBelow(Running live, string db)
    {
        Wait.Until(() => Kept(db) > 1000, static () => "packets in the store");
        FillUp(BallastBeside(db));
        live.WaitForError("is full");
    }

    private static string BallastBeside(string db) => Path.Combine(Path.GetDirectoryName(db)!, "ballast");

    /// <summary>Takes what room is left, to the last byte; what the daemon frees meanwhile is taken, too.</summary>
    private static void FillUp(string path)
    {
        byte[] block = new byte[4096];
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // No space left on device.
        }
    }
}
