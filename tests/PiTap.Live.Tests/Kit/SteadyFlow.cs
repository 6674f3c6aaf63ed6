using System.Net;
using System.Net.Sockets;

namespace PiTap.Live.Tests.Kit;

/// <summary>One flow from the phone to a port that only swallows: a datagram each twentieth of a second, until it is stopped.</summary>
internal sealed class SteadyFlow : IDisposable
{
    private const int MaxDatagrams = 2_000;

    private readonly Socket _sink;
    private readonly Socket _phone;
    private readonly Thread _sender;
    private readonly ManualResetEventSlim _stop = new();

    public SteadyFlow(TapWorld world, int port)
    {
        IPEndPoint target = new(TapWorld.ServerAddress, port);
        _sink = UdpPeer.Bind(world.Internet, target);
        _phone = UdpPeer.Bind(world.Phone, new IPEndPoint(TapWorld.PhoneAddress, 0));
        _sender = new Thread(() =>
        {
            for (int i = 0; i < MaxDatagrams && !_stop.Wait(millisecondsTimeout: 50); i++)
                _phone.SendTo(new byte[100], target);
        })
        { IsBackground = true };
        _sender.Start();
    }

    public void Stop()
    {
        _stop.Set();
        _sender.Join();
    }

    public void Dispose()
    {
        Stop();
        _phone.Dispose();
        _sink.Dispose();
        _stop.Dispose();
    }
}
