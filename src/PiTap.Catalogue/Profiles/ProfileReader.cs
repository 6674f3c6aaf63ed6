using System.Text.Json;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Profiles;

/// <summary>Reads profiles, file by file, and holds them against each other. A file is taken whole or not at all.</summary>
internal sealed class ProfileReader(PublicSuffixes suffixes)
{
    private const string Extension = ".json";

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    private readonly ProfileFields _fields = new();
    private readonly Dictionary<string, AppProfile> _profiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);

    /// <summary>The profiles of all files that are whole.</summary>
    public IReadOnlyCollection<AppProfile> Profiles => _profiles.Values;

    /// <summary>What is wrong with the others.</summary>
    public IReadOnlyList<ProfileError> Errors => _fields.Errors;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Notes that a file or folder cannot be taken, and why.</summary>
    public void Refuse(string file, string reason)
    {
        _fields.File = PlainText.Shown(file);
        _fields.Refuse("", reason);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path; the last part is the profile's identifier and <c>.json</c>.</param>
    /// <param name="bytes">What is in it.</param>
    public void Read(string file, ReadOnlyMemory<byte> bytes)
    {
        _fields.File = PlainText.Shown(file);
        _domains.Clear();
        int faults = Errors.Count;
        // Some editors put a mark at the beginning.
        if (bytes.Span.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, s_options);
            AppProfile? profile = Profile(document.RootElement, Path.GetFileName(file), faults);
            if (profile is not null)
                _profiles.Add(profile.Id, profile);
        }
        catch (JsonException fault) when (fault.LineNumber is { } line)
        {
            _fields.Refuse($"line {line + 1}", "This is not JSON. Look for missing marks, a comma behind the last entry, or a comment.");
        }
        catch (JsonException)
        {
            _fields.Refuse("", "A field stands twice in one place. Take one of them out.");
        }
        catch (InvalidOperationException)
        {
            // What the library says of half a surrogate pair, and of bytes that are not UTF-8.
            _fields.Refuse("", "A text in it is not Unicode: a stray byte, or an escape that stands for no character. Save it as UTF-8.");
        }
    }

    private AppProfile? Profile(JsonElement root, string fileName, int faults)
    {
        if (!_fields.IsObject(root, "", "$schema", "id", "app", "publisher", "ownDomains", "policy", "note", "declared"))
            return null;
        ProfileTexts texts = new(Id(root, fileName), _fields.Text(root, "", "app"), _fields.Text(root, "", "publisher"),
            _fields.OptionalText(root, "", "note", ProfileFields.MaxLongTextLength));
        List<string> own = Domains(root, "", "ownDomains", isRequired: true);
        if (root.TryGetProperty("ownDomains", out _) && own.Count == 0 && Errors.Count == faults)
            _fields.Refuse("ownDomains", "The list is empty. Name at least one domain of the publisher's.");
        PolicySource policy = new("", null, default);
        if (root.TryGetProperty("policy", out JsonElement element))
            policy = _fields.Source(element, "policy");
        else
            _fields.Missing("", "policy");
        List<DeclaredRecipient> declared = Declared(root, policy);
        return Errors.Count == faults ? new AppProfile(texts, own, policy, declared) : null;
    }

    private string Id(JsonElement root, string fileName)
    {
        string id = _fields.Text(root, "", "id");
        if (id.Length == 0)
            return id;
        if (!IsId(id))
            _fields.Refuse("id", $"'{PlainText.Shown(id)}' is not made of small letters, digits and single hyphens between them.");
        else if (fileName != id + Extension)
            _fields.Refuse("id", $"The file of '{id}' has to be called {id}{Extension}. Rename it, or change the id.");
        else if (_profiles.ContainsKey(id))
            _fields.Refuse("id", $"PiTap carries a profile '{id}' already. Give yours another id, and its file that name.");
        return id;
    }

    private static bool IsId(string id) => id[0] != '-' && id[^1] != '-' && !id.Contains("--", StringComparison.Ordinal)
        && id.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');

    private List<DeclaredRecipient> Declared(JsonElement root, PolicySource policy)
    {
        List<DeclaredRecipient> declared = [];
        HashSet<string> companies = new(StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<JsonElement> entries = _fields.List(root, "", "declared", isRequired: true);
        for (int i = 0; i < entries.Count; i++)
        {
            string place = $"declared[{i}]";
            if (!_fields.IsObject(entries[i], place, "company", "domains", "source"))
                continue;
            string company = _fields.Text(entries[i], place, "company");
            if (company.Length > 0 && !companies.Add(company))
                _fields.Refuse(place, $"'{company}' stands in the list already. Put the two together.");
            PolicySource source = entries[i].TryGetProperty("source", out JsonElement own)
                ? _fields.Source(own, ProfileFields.Join(place, "source")) : policy;
            declared.Add(new DeclaredRecipient(company, Domains(entries[i], place, "domains", isRequired: false), source));
        }
        return declared;
    }

    private List<string> Domains(JsonElement parent, string place, string field, bool isRequired)
    {
        List<string> domains = [];
        IReadOnlyList<JsonElement> entries = _fields.List(parent, place, field, isRequired);
        for (int i = 0; i < entries.Count; i++)
        {
            string where = $"{ProfileFields.Join(place, field)}[{i}]";
            string domain = entries[i].ValueKind == JsonValueKind.String ? entries[i].GetString()! : "";
            string shown = PlainText.Shown(domain);
            if (!DomainName.IsWellFormed(domain))
                _fields.Refuse(where, $"'{shown}' is no domain. Use small ASCII letters and no wildcard: names below it count.");
            else if (suffixes.GetRegistrable(domain).IsEmpty)
                _fields.Refuse(where, $"'{shown}' is a public suffix: anybody has names below it. Give the domain that was registered.");
            else if (!_domains.Add(domain))
                _fields.Refuse(where, $"'{shown}' stands in this file already. Take one of the two out.");
            else
                domains.Add(domain);
        }
        return domains;
    }
}
