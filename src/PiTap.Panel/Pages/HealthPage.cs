using System.Globalization;
using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>What does not work, in its code and a sentence, and what the machine says of itself. What nobody knows is left out.</summary>
internal static class HealthPage
{
    private const int LabelLetters = 8;

    public static void Draw(Frame frame, Layout layout, PanelState state)
    {
        layout.DrawHeader(frame, "HEALTH", state);
        if (layout.IsStrip)
            DrawStrip(frame, layout, state);
        else
            DrawRows(frame, layout, state);
    }

    private static void DrawStrip(Frame frame, Layout layout, PanelState state)
    {
        string first = state.Failures.Count > 0 ? $"{state.Failures[0].Code} {state.Failures[0].Words}" : "All is well";
        layout.Row.Draw(frame, 0, 0, Names.Fit(layout.Row, first, frame.Width), Ink.White);
        IEnumerable<string> facts = Facts(state).Select(static fact => $"{fact.Label} {fact.Value}");
        int y = layout.RowHeight + 1;
        foreach (string line in Names.Wrap(layout.Detail, string.Join(", ", facts), frame.Width, 2))
        {
            layout.Detail.Draw(frame, 0, y, line, Ink.White);
            y += layout.Detail.Height + 1;
        }
    }

    private static void DrawRows(Frame frame, Layout layout, PanelState state)
    {
        int margin = layout.IsMono ? 1 : 6, y = layout.HeaderHeight + (layout.IsMono ? 1 : 4);
        Face face = layout.IsMono ? layout.Detail : Face.Body;
        bool isWell = state.Failures.Count == 0;
        Face headFace = layout.Row;
        string head = isWell ? "All is well" : $"{state.Failures[0].Code} {state.Failures[0].Words}";
        headFace.Draw(frame, margin, y, Names.Fit(headFace, head, frame.Width - 2 * margin), isWell ? Ink.FirstParty : Ink.Readable);
        y += headFace.Height + 1;
        if (!isWell && frame.Height >= 200)
        {
            foreach (string line in Names.Wrap(face, state.Failures[0].Sentence, frame.Width - 2 * margin, 3))
            {
                face.Draw(frame, margin, y, line, Ink.White);
                y += face.Height;
            }
            y += 4;
        }
        (string Label, string Value)[] facts = [.. Facts(state)];
        bool isLarge = !layout.IsMono && facts.Length * (layout.Row.Height + 4) <= frame.Height - y
            && facts.All(fact => layout.Row.Measure(fact.Value) <= frame.Width - LabelLetters * layout.Row.Width - 2 * margin);
        if (isLarge)
            face = layout.Row;
        int step = layout.IsMono ? face.Height + 1 : frame.Height < 200 ? face.Height : face.Height + 4;
        int labels = face.Width * LabelLetters;
        y += layout.IsMono ? 0 : 4;
        foreach ((string label, string value) in facts.Take((frame.Height - y + 1) / step))
        {
            face.Draw(frame, margin, y, label, Ink.Grey);
            int left = margin + labels;
            face.Draw(frame, left, y, Names.FitText(face, value, frame.Width - left - margin), Ink.White);
            y += step;
        }
    }

    private static IEnumerable<(string Label, string Value)> Facts(PanelState state)
    {
        PanelFacts facts = state.Facts;
        if (state.Failures.Count > 1)
            yield return ("also", string.Join(", ", state.Failures.Skip(1).Select(static failure => failure.Code)));
        yield return ("lost", Words.Count(state.PacketsLost, "packet", "packets"));
        if (facts.Clients is int clients)
            yield return ("phones", facts.Seats is int seats ? $"{clients} of {seats}" : $"{clients}");
        else
            yield return ("devices", state.Devices.ToString(CultureInfo.InvariantCulture));
        if (facts.Celsius is double celsius)
        {
            string slowed = facts.IsThrottled == true ? ", slowed" : "";
            yield return ("heat", string.Create(CultureInfo.InvariantCulture, $"{celsius:0} \u00b0C{slowed}"));
        }
        if (facts.FreeBytes is long free)
            yield return ("room", Words.Bytes(free));
        if (facts.IsClockSet is bool isSet)
            yield return ("clock", isSet ? "set" : "not set");
        if (facts.Missing.Count > 0)
            yield return ("without", string.Join(", ", facts.Missing));
    }
}
