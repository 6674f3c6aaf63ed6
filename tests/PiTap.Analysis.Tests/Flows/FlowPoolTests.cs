using System.Collections;
using System.Reflection;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

public sealed class FlowPoolTests
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int PooledFlows = 8_192;

    [Theory]
    [InlineData("PiTap.Analysis.Flows.Flow")]
    [InlineData("PiTap.Analysis.Flows.OpenFlow")]
    public void Whatever_a_flow_holds_is_one_value_so_that_setting_it_resets_the_flow(string name)
    {
        FieldInfo field = Assert.Single(typeof(Pipeline).Assembly.GetType(name, throwOnError: true)!.GetFields(Fields));
        Assert.True(field.FieldType.IsValueType);
    }

    [Fact]
    public void A_flow_that_ended_leaves_nothing_to_the_next_one()
    {
        var analysis = new Analysis();
        Conversation hello = Conversation.Tcp(443).Open().Send(true, HelloBytes.Client("a.example.com")).Close();
        analysis.Add(hello.Packets);
        long later = hello.NowNs + (600 * PacketTime.NanosecondsPerSecond);
        analysis.Add(new TimedPacket(later, Datagram(1)), new TimedPacket(later, Datagram(2)));
        FlowRecord[] flows = [.. analysis.Finish().Flows.OrderBy(static flow => flow.Sequence)];
        Assert.Equal(["a.example.com", null, null], flows.Select(static flow => flow.Host));
        Assert.All(flows[1..], flow => Assert.Equal((1L, 0L, later, 0), (flow.PacketsUp, flow.PacketsDown, flow.StartNs, flow.Tls.Count)));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.PooledFlows")]
    public void Flows_beyond_the_cap_are_not_kept_once_they_ended()
    {
        var pipeline = new Pipeline(new AnalysisOptions());
        int source = pipeline.AddSource("test");
        for (int i = 0; i < PooledFlows + 500; i++)
        {
            byte[] data = Datagram((ushort)(i + 1));
            var packet = new CapturedPacket
            {
                TimeNs = Conversation.DefaultStartNs,
                Link = LinkType.Ethernet,
                OriginalLength = data.Length,
                Data = data,
            };
            pipeline.Process(packet, source);
        }
        Assert.Equal(PooledFlows + 500, pipeline.Finish().Flows.Count);
        object pool = typeof(Pipeline).GetField("_ended", Fields)!.GetValue(pipeline)!;
        Assert.Equal(PooledFlows, ((ICollection)pool.GetType().GetField("_flows", Fields)!.GetValue(pool)!).Count);
    }

    private static byte[] Datagram(ushort port) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(port, 9, [1])));
}
