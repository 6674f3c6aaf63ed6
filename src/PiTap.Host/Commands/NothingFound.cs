using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>Why nothing was found, and what would have been: nobody has to guess a name that the store knows.</summary>
internal static class NothingFound
{
    /// <summary>Names that a sentence offers.</summary>
    private const int MaxOffered = 5;

    /// <summary>Hosts that are compared with what was typed.</summary>
    private const int MaxCompared = 20_000;

    public static string Sentence<T>(RecordKind<T> kind, RecordWish<T> wish, IStoreReader reader, Roster roster, ShownTime times, Who who)
    {
        if (wish.Devices is { Count: 0 } || (wish.Devices is not null && !wish.Devices.Any(id => roster.Knows(id))))
            return $"No device matches '{wish.DeviceText}'{Offer(wish.DeviceText!, roster.Labels, "there is", "there are")}.";
        if (wish.Host is not null)
        {
            IEnumerable<string> hosts = kind.Verb == RecordKinds.Names.Verb
                ? reader.Lookups(StoreQuery.All).Select(static lookup => lookup.Name)
                : reader.Contacts(StoreQuery.All).Select(static contact => contact.Host);
            string[] known = [.. hosts.Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxCompared)];
            if (!known.Any(wish.Host.IsName))
            {
                string[] near = [.. known.Where(name => IsNear(wish.HostText!, name))];
                return $"No host matches '{wish.HostText}'{Offer(wish.HostText!, near, "the nearest is", "the nearest are")}.";
            }
        }
        RunRecord[] runs = wish.Run is null ? [] : [.. reader.Runs()];
        if (wish.Run is not null && runs.All(run => run.Run != wish.Run))
        {
            return $"There is no run {wish.Run}; the store has " + runs.Length switch
            {
                0 => "none.",
                1 => $"run {runs[0].Run} alone.",
                _ => $"{runs.Min(static run => run.Run)} to {runs.Max(static run => run.Run)}.",
            };
        }
        if (!wish.Party.IsAll && WhyNoParty(wish.Party, reader, who) is { } why)
            return why;
        string span = "";
        if (wish.Query.FromNs is not null || wish.Query.ToNs is not null)
        {
            DeviceRecord[] devices = [.. reader.Devices(StoreQuery.All)];
            if (devices.Length > 0)
            {
                span = $": the store holds {times.Sentence(devices.Min(static device => device.FirstSeenNs))} to "
                    + times.Sentence(devices.Max(static device => device.LastSeenNs));
            }
        }
        return $"No {kind.Noun} matches all that was asked for{span}.";
    }

    /// <summary>What of a party no contact has, and what they have; null if each has some.</summary>
    private static string? WhyNoParty(PartyFilter asked, IStoreReader reader, Who who)
    {
        PartyAttribution[] known =
        [
            .. reader.Contacts(StoreQuery.All).Take(MaxCompared).Select(contact => who.Attribute(contact).Attribution)
                .OfType<PartyAttribution>(),
        ];
        if (asked.Party is { } party && !known.Any(one => new PartyFilter(party, null, null).Takes(one)))
        {
            string[] names = [.. Each(known.Where(static one => !one.IsSignalling).Select(static one => one.Party))];
            return $"No party matches '{party}'{Offer(party, names, "there is", "there are")}"
                + (names.Length > MaxOffered ? $" and {Numbers.Count(names.Length - MaxOffered)} more." : ".");
        }
        if (asked.Role is { } role && !known.Any(one => one.Role == role))
        {
            string roles = string.Join(", ", Each(known.Select(static one => one.Role.Text())));
            string profile = who.Profile is null && role == PartyRole.FirstParty ? " With --profile an app's own are first parties." : "";
            return $"Nobody has the role '{role.Text()}'; there are {roles}.{profile}";
        }
        if (asked.Country is { } country && !known.Any(one => new PartyFilter(null, null, country).Takes(one)))
        {
            string codes = string.Join(", ", Each(known.SelectMany(static one => one.HostedIn.Append(one.HomeCountry)).OfType<string>()));
            return $"Nobody is at home, hosted or registered in {country}; there are {(codes.Length == 0 ? "no countries known" : codes)}.";
        }
        return null;
    }

    private static IEnumerable<string> Each(IEnumerable<string> texts) =>
        texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>True if a name may be what somebody meant: at least half of it is there.</summary>
    private static bool IsNear(string asked, string name)
    {
        string text = asked.Trim('*', '.', ' ').ToLowerInvariant();
        return Distance(text, name.ToLowerInvariant()) <= text.Length / 2;
    }

    private static string Offer(string asked, IEnumerable<string> known, string one, string several)
    {
        string[] offered = Nearest(asked, known);
        return offered.Length == 0 ? "" : $"; {(offered.Length == 1 ? one : several)} {string.Join(", ", offered)}";
    }

    /// <summary>Those that contain what was typed, then those that differ least from it.</summary>
    private static string[] Nearest(string asked, IEnumerable<string> known)
    {
        string text = asked.Trim('*', '.', ' ').ToLowerInvariant();
        return
        [
            .. known.Select(name => (Name: name, Distance: Distance(text, name.ToLowerInvariant())))
                .OrderBy(static pair => pair.Distance).ThenBy(static pair => pair.Name, StringComparer.Ordinal)
                .Take(MaxOffered).Select(static pair => pair.Name),
        ];
    }

    private static int Distance(string asked, string name)
    {
        if (name.Contains(asked, StringComparison.Ordinal))
            return 0;
        // Against the whole name and each of its labels: what is mistyped is mostly one of them.
        int least = Edits(asked, name);
        foreach (string label in name.Split('.', '-'))
            least = Math.Min(least, Edits(asked, label) + 1);
        return least;
    }

    /// <summary>Levenshtein's distance: how many characters have to be put in, left out or changed.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
