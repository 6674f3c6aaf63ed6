using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>How a phone joins: a QR code for its camera, the same in letters, and the address of the web page.</summary>
internal static class JoinPage
{
    private static readonly string[] s_labels = ["Wi-Fi", "Password", "Page"];

    public static void Draw(Frame frame, Layout layout, PanelState state)
    {
        string? address = ShortAddress(state.Facts.PageAddress);
        string phones = state.Facts.Clients is not int clients ? ""
            : state.Facts.Seats is int seats ? $"{clients} of {seats} seats taken" : Words.Count(clients, "phone", "phones");
        if (state.Facts.Wifi is not { } wifi)
        {
            layout.DrawHeader(frame, "JOIN", phones, state);
            string none = layout.IsStrip ? "the tap opens none" : "The tap opens no network of its own.";
            layout.DrawEmpty(frame, "No Wi-Fi here", address ?? none);
            return;
        }
        bool isBeside = frame.Width > frame.Height + frame.Height / 5;
        int top = isBeside && layout.IsMono ? 0 : layout.HeaderHeight;
        if (top > 0)
            layout.DrawHeader(frame, "JOIN", phones, state);
        int below = isBeside ? 0 : 3 * layout.Detail.Height;
        int side = Math.Min(frame.Height - top - below, isBeside ? frame.Width * 3 / 5 : frame.Width);
        int x = isBeside ? 0 : (frame.Width - side) / 2;
        int taken = QrPicture.Draw(frame, x, top, side, wifi.QrText);
        (string Text, ushort Colour)[] lines =
        [
            (wifi.Name, Ink.White),
            (wifi.Password ?? "no password", Ink.Unknown),
            (address ?? "", Ink.FirstParty),
        ];
        if (isBeside)
            DrawBeside(frame, layout, taken == 0 ? 0 : taken + 3, top, lines);
        else
            DrawBelow(frame, layout, top + side, lines);
    }

    private static void DrawBeside(Frame frame, Layout layout, int left, int top, (string Text, ushort Colour)[] lines)
    {
        int width = frame.Width - left, most = layout.IsStrip ? 1 : 2;
        // In the smallest letters m and M look alike, which a password cannot bear.
        Face face = layout.IsMono ? layout.Row : layout.Detail;
        int step = face.Height, needed = lines.Sum(each => Names.Wrap(face, each.Text, width, most).Count);
        bool hasLabels = top + (needed + lines.Length) * step <= frame.Height;
        int free = frame.Height - top - (needed + (hasLabels ? lines.Length : 0)) * step;
        int gap = layout.IsStrip ? 0 : Math.Clamp(free / lines.Length, 0, 8);
        int y = top;
        foreach ((string label, (string text, ushort colour)) in s_labels.Zip(lines).Where(static each => each.Second.Text.Length > 0))
        {
            if (hasLabels)
                face.Draw(frame, left, y, label, Ink.Grey);
            y += hasLabels ? step : 0;
            bool isRoomy = needed * step + top <= frame.Height || label == s_labels[1];
            Face own = isRoomy && frame.Height - y >= face.Height ? face : layout.Detail;
            foreach (string line in Names.Wrap(own, text, width, most))
            {
                own.Draw(frame, left, y, line, colour);
                y += own.Height;
            }
            y += gap;
        }
    }

    private static void DrawBelow(Frame frame, Layout layout, int top, (string Text, ushort Colour)[] lines)
    {
        Face face = layout.Detail;
        int y = top;
        foreach ((string text, ushort colour) in lines)
        {
            string line = Names.Fit(face, text, frame.Width - 4);
            face.Draw(frame, (frame.Width - face.Measure(line)) / 2, y, line, colour);
            y += face.Height;
        }
    }

    /// <summary>What is typed into a browser: the scheme goes without saying.</summary>
    private static string? ShortAddress(string? address) =>
        address is not null && address.StartsWith("http://", StringComparison.Ordinal) ? address["http://".Length..].TrimEnd('/') : address;
}
