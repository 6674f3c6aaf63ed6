using PiTap.Analysis.Core;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>The account of what all open flows together know of hellos and requests: <see cref="Limits.FactCharacters"/>.</summary>
internal sealed class FactBudget(Losses losses)
{
    /// <summary>Beside its strings: the object and its place in lists.</summary>
    private const int ObjectCharacters = 40;

    private int _characters;

    /// <summary>
    /// Notes a request, or counts it if the flow, or all flows together, have enough. What it costs is the strings that were made for it;
    /// most are those of other requests.
    /// </summary>
    public void Add(FlowFacts facts, HttpRequest request, long madeCharacters)
    {
        if (!HasRoom(madeCharacters) || !facts.AddRequest(request))
            losses.Count(Losses.HttpRequestsDropped);
        else
            Charge(facts, madeCharacters);
    }

    /// <summary>The same for a hello.</summary>
    public void Add(FlowFacts facts, TlsHello hello, long madeCharacters)
    {
        if (!HasRoom(madeCharacters) || !facts.AddHello(hello))
            losses.Count(Losses.HellosDropped);
        else
            Charge(facts, madeCharacters);
    }

    /// <summary>The flow ended: what it knew is no longer on the account.</summary>
    public void Release(FlowFacts facts)
    {
        _characters -= facts.Characters;
        facts.Characters = 0;
    }

    private bool HasRoom(long madeCharacters) => _characters + madeCharacters + ObjectCharacters <= Limits.FactCharacters;

    private void Charge(FlowFacts facts, long madeCharacters)
    {
        int characters = (int)madeCharacters + ObjectCharacters;
        facts.Characters += characters;
        _characters += characters;
    }
}
