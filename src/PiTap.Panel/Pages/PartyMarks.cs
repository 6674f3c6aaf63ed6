using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>What stands beside a party's name: its colour with a shape of its own, and which way its bytes go.</summary>
internal static class PartyMarks
{
    /// <summary>Bytes a second below which one way counts as silence beside the other.</summary>
    private const int LoudTimes = 4;

    /// <summary>The colour that a kind of party has everywhere.</summary>
    public static ushort Colour(PartyKind kind) => kind switch
    {
        PartyKind.FirstParty => Ink.FirstParty,
        PartyKind.ThirdParty => Ink.ThirdParty,
        PartyKind.Background => Ink.Grey,
        _ => Ink.Unknown,
    };

    /// <summary>Which way the bytes go.</summary>
    public static string[] Arrow(PanelParty party) =>
        party.BytesPerSecond == 0 ? Icons.Idle
        : party.UpPerSecond > LoudTimes * party.DownPerSecond ? Icons.Up
        : party.DownPerSecond > LoudTimes * party.UpPerSecond ? Icons.Down
        : Icons.Both;

    /// <summary>
    /// A bar at the edge: full for the first party, in two parts for a third one, hollow for an unknown one, thin for the rest.
    /// </summary>
    public static void Edge(Frame frame, PixelArea area, PartyKind kind)
    {
        ushort colour = Colour(kind);
        switch (kind)
        {
            case PartyKind.FirstParty:
                Shapes.Fill(frame, area, colour);
                break;
            case PartyKind.ThirdParty:
                int half = (area.Height - 4) / 2;
                Shapes.Fill(frame, area with { Height = half }, colour);
                Shapes.Fill(frame, area with { Y = area.Y + area.Height - half, Height = half }, colour);
                break;
            case PartyKind.Background:
                Shapes.Fill(frame, area with { Width = Math.Max(1, area.Width / 3) }, colour);
                break;
            default:
                Shapes.Fill(frame, area, colour);
                Shapes.Fill(frame, new PixelArea(area.X + 2, area.Y + 2, area.Width - 4, area.Height - 4), Ink.Black);
                break;
        }
    }
}
