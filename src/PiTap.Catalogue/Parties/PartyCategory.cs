using System.Diagnostics.CodeAnalysis;

namespace PiTap.Catalogue.Parties;

/// <summary>What a party is there for. A closed list: <c>data/parties/README.md</c> has it too, and a test compares the two.</summary>
public enum PartyCategory
{
    /// <summary>Not said. No row of the table has it.</summary>
    None,

    /// <summary>Sells, serves or mediates advertisements.</summary>
    Ads,

    /// <summary>Counts and profiles what people do in an app.</summary>
    Analytics,

    /// <summary>Says which advertisement brought an installation, and links into apps.</summary>
    Attribution,

    /// <summary>Sells access and transit: whose servers are in its network is not known from it.</summary>
    Carrier,

    /// <summary>Delivers other people's content from nearby.</summary>
    Cdn,

    /// <summary>Says whether certificates are still good.</summary>
    Certificates,

    /// <summary>Other people's servers and storage.</summary>
    Cloud,

    /// <summary>Asks people what may be done with their data, keeps what they say, and tells others.</summary>
    Consent,

    /// <summary>Collects crashes, errors and performance figures.</summary>
    Crash,

    /// <summary>Makes devices other than phones, and runs them from afar.</summary>
    Devices,

    /// <summary>Messages to users on behalf of an app: campaigns, in-app messages, support chat.</summary>
    Engagement,

    /// <summary>Feature switches, experiments and remote configuration.</summary>
    Experiments,

    /// <summary>Tells people from programs, and honest devices from others.</summary>
    Fraud,

    /// <summary>Games and what they are distributed by.</summary>
    Games,

    /// <summary>Signs users in.</summary>
    Identity,

    /// <summary>Maps, places and positions.</summary>
    Maps,

    /// <summary>Video, music and books.</summary>
    Media,

    /// <summary>Messages and calls between people.</summary>
    Messaging,

    /// <summary>Runs a network of its own.</summary>
    Network,

    /// <summary>News and weather.</summary>
    News,

    /// <summary>A maker of phones or of their system, and what that system itself asks for.</summary>
    Os,

    /// <summary>Payments and banks.</summary>
    Payment,

    /// <summary>Documents, notes, meetings and other tools.</summary>
    Productivity,

    /// <summary>Wakes apps by messages to the phone.</summary>
    Push,

    /// <summary>Answers name lookups.</summary>
    Resolver,

    /// <summary>Real-time audio, video and data as a service for apps.</summary>
    Rtc,

    /// <summary>Searches and answers, by people or by models.</summary>
    Search,

    /// <summary>Shops, markets and deliveries.</summary>
    Shopping,

    /// <summary>Social networks, communities and dating.</summary>
    Social,

    /// <summary>Tells the time.</summary>
    Time,

    /// <summary>Rides, rooms and tickets.</summary>
    Travel,

    /// <summary>Private networks and relays that hide where traffic goes.</summary>
    Vpn,
}

/// <summary>The words for categories.</summary>
public static class PartyCategories
{
    private static readonly string[] s_words = [.. Enum.GetNames<PartyCategory>().Select(static name => name.ToLowerInvariant())];

    private static readonly Dictionary<string, PartyCategory> s_byWord =
        Enum.GetValues<PartyCategory>().Where(static category => category != PartyCategory.None)
            .ToDictionary(static category => category.Word(), StringComparer.Ordinal);

    /// <summary>For example <c>rtc</c>.</summary>
    public static string Word(this PartyCategory category) => s_words[(int)category];

    /// <summary>False if the closed list does not have the word, in small letters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? word, out PartyCategory category)
    {
        category = PartyCategory.None;
        return word is not null && s_byWord.TryGetValue(word, out category);
    }
}
