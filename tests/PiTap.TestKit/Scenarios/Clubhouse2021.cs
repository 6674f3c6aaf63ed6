namespace PiTap.TestKit.Scenarios;

/// <summary>
/// Two phones with an app of February 2021 in one room, after what the Stanford Internet Observatory published about Clubhouse.
/// Synthetic: no phone, app or server took part. Names are those of then; addresses lie in the networks of those who ran such servers;
/// users, room, keys and the layout of the join packet are made up. What happens when stands in <see cref="Play"/>.
/// </summary>
public sealed class Clubhouse2021
{
    /// <summary>What the file says of itself.</summary>
    public const string Comment = "Synthetic: made by PiTap's tests after what was published in February 2021 about the app Clubhouse. "
        + "No phone, app or server took part. Users, room, keys and the layout of the join packet are made up.";

    /// <summary>The room that both are in: its name is readable in the join packets.</summary>
    public const string Room = "mq7Rk2Va";

    /// <summary>The users' numbers, in the join packets as 32 bits, little-endian.</summary>
    public const uint FirstUser = 1_804_230_417, SecondUser = 2_093_315_582;

    /// <summary>2021-02-12T17:00:00Z.</summary>
    public const long StartNs = Conversation.DefaultStartNs;

    private const string ApplicationKey = "00112233445566778899aabbccddeeff";

    private const string ApiName = "www.clubhouseapi.com", Api = "104.18.12.34";
    private const string PicturesName = "clubhouseprod.s3.amazonaws.com", PicturesAlias = "s3-1-w.amazonaws.com";
    private const string Pictures = "52.216.96.187";
    private const string Portal = "17.253.54.203", Clock = "17.253.54.123", Push = "17.57.144.116";

    private const string AccessName = "ap3.agora.io", Access = "103.246.156.33";
    private const string QosName = "qos-america.agoralab.co", Qos = "8.23.192.46";
    private const ushort AccessPort = 25_000, QosPort = 8_000, NamedRelayPort = 8_130, OtherRelayPort = 4_003;

    // Relays in the networks of Zenlayer, which say a name, and of EnjoyVC, which say none.
    private const string FirstNamedRelay = "104.166.161.75", FirstOtherRelay = "103.140.240.66";
    private const string SecondNamedRelay = "23.236.118.90", SecondOtherRelay = "103.98.18.71";

    private const int AudioMs = 20, KeepAliveMs = 2_000, KeepAliveBytes = 28, TransitMs = 46;

    private readonly Scene _scene = new(StartNs);
    private readonly AgoraBytes _agora;
    private int _number;

    private Clubhouse2021() => _agora = new AgoraBytes(_scene);

    /// <summary>The capture file, the same bytes each time.</summary>
    public static byte[] Build()
    {
        Clubhouse2021 story = new();
        story.Play();
        return SceneFile.Write(story._scene, Comment);
    }

    private void Play()
    {
        SceneHost gateway = new(Packets.Mac("02:00:00:00:42:01"), Packets.Ip("10.42.0.1"));
        SceneHost firstHost = new(Packets.Mac("02:00:00:20:21:01"), Packets.Ip("10.42.0.23"));
        SceneHost secondHost = new(Packets.Mac("02:00:00:20:21:02"), Packets.Ip("10.42.0.24"));
        ScenePhone first = new(_scene, gateway, firstHost, "Ada-iPhone", 49_152);
        ScenePhone second = new(_scene, gateway, secondHost, "Ben-iPhone", 51_200);

        SceneConnection firstPush = SwitchOn(first, 0);
        SceneConnection firstApi = OpenApp(first, 6_000);
        SceneConnection secondPush = SwitchOn(second, 12_000);
        first.Exchange(firstApi, 14_000, 350, 900);
        SceneConnection secondApi = OpenApp(second, 18_000);
        first.Exchange(firstPush, 20_000, 60, 60);
        first.Exchange(firstApi, 22_000, 350, 900);

        (SceneDatagrams firstNamed, SceneDatagrams firstOther) =
            JoinRoom(first, firstApi, 30_000, FirstUser, FirstNamedRelay, FirstOtherRelay);
        (SceneDatagrams secondNamed, SceneDatagrams secondOther) =
            JoinRoom(second, secondApi, 38_000, SecondUser, SecondNamedRelay, SecondOtherRelay);
        KeepOpen(32_000, 86_000, firstNamed, firstOther);
        KeepOpen(40_000, 86_000, secondNamed, secondOther);

        // Somebody else speaks, then one of the two, then the other, and so on.
        Hear(32_000, 40_000, firstOther);
        Hear(40_000, 46_000, firstOther, secondOther);
        Speak(46_000, 54_000, firstNamed, secondNamed);
        Speak(54_000, 62_000, secondNamed, firstNamed);
        Hear(62_000, 68_000, firstOther, secondOther);
        Speak(68_000, 76_000, firstNamed, secondNamed);
        Speak(76_000, 84_000, secondNamed, firstNamed);

        first.Exchange(firstApi, 86_500, 300, 200);
        second.Exchange(secondApi, 87_000, 300, 200);
        second.Exchange(secondPush, 88_000, 60, 60);
        first.Exchange(firstPush, 89_900, 60, 60);
    }

    /// <summary>The phone joins the Wi-Fi, and its system does what it always does.</summary>
    private static SceneConnection SwitchOn(ScenePhone phone, long ms)
    {
        phone.Join(ms);
        phone.CheckForPortal(ms + 400, Portal);
        phone.SetClock(ms + 900, Clock);
        return phone.OpenPush(ms + 1_300, Push);
    }

    /// <summary>The app asks its own service for rooms, and for pictures of the people in them.</summary>
    private static SceneConnection OpenApp(ScenePhone phone, long ms)
    {
        ms = phone.Lookup(ms, ApiName, Api);
        ms = phone.OpenTls13(ms, ApiName, Api, out SceneConnection api);
        ms = phone.Exchange(api, ms + 4, 900, 3_600);
        ms = phone.Lookup(ms + 20, PicturesName, Pictures, PicturesAlias);
        ms = phone.OpenTls12(ms, PicturesName, Pictures, out SceneConnection pictures);
        phone.Exchange(pictures, ms + 4, 420, 9_800);
        return api;
    }

    /// <summary>The app asks its own service for a room, and then Agora, where room and user can be read on the way.</summary>
    private (SceneDatagrams Named, SceneDatagrams Other) JoinRoom(
        ScenePhone phone, SceneConnection api, long ms, uint user, string namedRelay, string otherRelay)
    {
        ms = phone.Exchange(api, ms, 420, 2_800);
        ms = phone.Lookup(ms + 30, AccessName, Access);
        SceneDatagrams access = new(_scene, phone, Access, AccessPort);
        access.Up(ms + 2, Opaque(84));
        access.Down(ms + 210, Opaque(176));

        ms = phone.Lookup(ms + 215, QosName, Qos);
        SceneDatagrams qos = new(_scene, phone, Qos, QosPort);
        for (int turn = 0; turn < 2; turn++)
        {
            _scene.Comment = "Synthetic: room and user in the clear";
            qos.Up(ms + 2, _agora.Join(ms + 2, ApplicationKey, Room, user));
            qos.Down(ms + 90, _agora.Joined(ms + 90, Room, user));
            _scene.Comment = "";
            ms += 400;
        }

        SceneDatagrams named = new(_scene, phone, namedRelay, NamedRelayPort);
        named.Up(ms, _agora.Hello($"{namedRelay.Replace('.', '-')}.edge.agora.io"));
        named.Down(ms + TransitMs, _agora.Reply());
        SceneDatagrams other = new(_scene, phone, otherRelay, OtherRelayPort);
        other.Up(ms + 5, Opaque(64));
        other.Down(ms + 5 + TransitMs, Opaque(52));
        return (named, other);
    }

    private void KeepOpen(long fromMs, long toMs, params SceneDatagrams[] relays)
    {
        for (long ms = fromMs; ms < toMs; ms += KeepAliveMs)
        {
            foreach (SceneDatagrams relay in relays)
            {
                relay.Up(ms + 7, Opaque(KeepAliveBytes));
                relay.Down(ms + 7 + TransitMs, Opaque(KeepAliveBytes));
            }
        }
    }

    /// <summary>Audio of somebody who is elsewhere, fifty datagrams a second.</summary>
    private void Hear(long fromMs, long toMs, params SceneDatagrams[] listeners)
    {
        for (long ms = fromMs; ms < toMs; ms += AudioMs)
        {
            foreach (SceneDatagrams listener in listeners)
                listener.Down(ms, Audio());
        }
    }

    /// <summary>Audio of one of the two, which goes up to a relay and comes down from another.</summary>
    private void Speak(long fromMs, long toMs, SceneDatagrams speaker, SceneDatagrams listener)
    {
        for (long ms = fromMs; ms < toMs; ms += AudioMs)
        {
            byte[] audio = Audio();
            speaker.Up(ms, audio);
            listener.Down(ms + TransitMs + TransitMs, Opaque(audio.Length));
        }
    }

    private byte[] Audio() => Opaque(58 + _number * 37 % 41);

    private byte[] Opaque(int bytes) => _agora.Opaque(_number++, bytes);
}
