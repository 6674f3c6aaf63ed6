using System.Text;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Core;

/// <summary>
/// Why frames were rejected: the first of each claim and status, and how many followed. The kinds bound it: <see cref="Kinds"/>.
/// </summary>
internal sealed class RejectLog
{
    private const int Statuses = (int)ParseStatus.Unsupported + 1;

    /// <summary>Kinds of rejects that a run can have: every claim with every status.</summary>
    public const int Kinds = ((int)RejectClaim.UdpHeader + 1) * Statuses;

    private readonly RejectRecord?[] _first = new RejectRecord?[Kinds];
    private readonly long[] _packets = new long[Kinds];

    /// <summary>Takes a frame that was rejected: packet <paramref name="number"/> of its source.</summary>
    public void Note(in FrameReject reject, long timeNs, string source, long number)
    {
        int kind = (int)reject.Reason.Claim * Statuses + (int)reject.Status;
        _packets[kind]++;
        _first[kind] ??= new RejectRecord
        {
            Layer = Name(reject.Layer.ToString()),
            Status = Name(reject.Status.ToString()),
            Claim = Name(reject.Reason.Claim.ToString()),
            Offset = reject.Reason.Offset,
            Required = reject.Reason.Required,
            Available = reject.Reason.Available,
            Bound = reject.Reason.Bound == RejectClaim.None ? "capture" : Name(reject.Reason.Bound.ToString()),
            Source = source,
            Packet = number,
            TimeNs = timeNs,
        };
    }

    /// <summary>All kinds that came, from the link layer upwards, cumulative for the run.</summary>
    public List<RejectRecord> ToList()
    {
        List<RejectRecord> list = [];
        for (int i = 0; i < Kinds; i++)
        {
            if (_first[i] is RejectRecord first)
                list.Add(first with { Packets = _packets[i] });
        }
        return list;
    }

    /// <summary><c>Ipv4TotalLength</c> as it is stored: <c>ipv4-total-length</c>.</summary>
    private static string Name(string value)
    {
        var text = new StringBuilder();
        foreach (char c in value)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
