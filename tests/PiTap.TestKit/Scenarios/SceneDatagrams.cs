namespace PiTap.TestKit.Scenarios;

/// <summary>A phone and a server that send datagrams to one another.</summary>
public sealed class SceneDatagrams(Scene scene, ScenePhone phone, string server, ushort serverPort)
{
    private readonly SceneHost _server = phone.Server(server);
    private readonly ushort _port = phone.NextPort();

    /// <summary>From the phone.</summary>
    public void Up(long ms, byte[] payload) => scene.Udp(ms, phone.Host, _port, _server, serverPort, payload);

    /// <summary>To the phone.</summary>
    public void Down(long ms, byte[] payload) => scene.Udp(ms, _server, serverPort, phone.Host, _port, payload);
}
