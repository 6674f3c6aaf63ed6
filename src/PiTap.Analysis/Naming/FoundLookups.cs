using PiTap.Model;

namespace PiTap.Analysis.Naming;

/// <summary>Lookups pending for the next flush.</summary>
internal sealed class FoundLookups
{
    /// <summary>Two names for each answer.</summary>
    private const int AnswerCharacters = 128;

    private List<NameLookup> _lookups = [];

    public int Count => _lookups.Count;

    /// <summary>What they hold of memory in texts, about.</summary>
    public long Characters { get; private set; }

    public void Add(NameLookup lookup)
    {
        _lookups.Add(lookup);
        Characters += lookup.Answers.Count * AnswerCharacters;
    }

    /// <summary>Drops those that a device is in.</summary>
    public void Forget(DeviceTraces traces) => _lookups.RemoveAll(traces.IsIn);

    /// <summary>Hands them over.</summary>
    public List<NameLookup> Take()
    {
        List<NameLookup> taken = _lookups;
        _lookups = [];
        Characters = 0;
        return taken;
    }
}
