using PiTap.Catalogue.Parties;

namespace PiTap.Host.Output;

/// <summary>What a party is there for, in words that stand behind "for".</summary>
internal static class CategoryText
{
    private static readonly Dictionary<PartyCategory, string> s_phrases = new()
    {
        [PartyCategory.Ads] = "advertisements",
        [PartyCategory.Analytics] = "analytics",
        [PartyCategory.Attribution] = "which advertisement worked",
        [PartyCategory.Carrier] = "access and transit",
        [PartyCategory.Cdn] = "content delivery",
        [PartyCategory.Certificates] = "checks of certificates",
        [PartyCategory.Cloud] = "servers for rent",
        [PartyCategory.Consent] = "questions of consent",
        [PartyCategory.Crash] = "crash reports",
        [PartyCategory.Devices] = "things of the home and the body",
        [PartyCategory.Engagement] = "messages to users",
        [PartyCategory.Experiments] = "experiments",
        [PartyCategory.Fraud] = "fraud checks",
        [PartyCategory.Games] = "games",
        [PartyCategory.Identity] = "sign-in",
        [PartyCategory.Maps] = "maps",
        [PartyCategory.Media] = "video, music and books",
        [PartyCategory.Messaging] = "messages and calls",
        [PartyCategory.Network] = "a network of its own",
        [PartyCategory.News] = "news and weather",
        [PartyCategory.Os] = "the phone's system",
        [PartyCategory.Payment] = "payments",
        [PartyCategory.Productivity] = "documents and meetings",
        [PartyCategory.Push] = "push messages",
        [PartyCategory.Resolver] = "name lookups",
        [PartyCategory.Rtc] = "real-time audio and video",
        [PartyCategory.Search] = "search",
        [PartyCategory.Shopping] = "shopping",
        [PartyCategory.Social] = "social networks",
        [PartyCategory.Time] = "the time",
        [PartyCategory.Travel] = "rides, rooms and tickets",
        [PartyCategory.Vpn] = "private networks",
    };

    /// <summary>For example <c>real-time audio and video</c> of <c>rtc</c>; a word that is on no list stays as it is.</summary>
    public static string Of(string word) =>
        PartyCategories.TryParse(word, out PartyCategory category) && s_phrases.TryGetValue(category, out string? phrase) ? phrase : word;
}
