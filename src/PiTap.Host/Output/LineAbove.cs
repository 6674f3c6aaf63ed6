using Spectre.Console.Rendering;

namespace PiTap.Host.Output;

/// <summary>
/// A line above a picture that is drawn again below it. What was drawn goes first: Spectre.Console writes over it, and would leave what a
/// short line does not cover.
/// </summary>
internal sealed class LineAbove(string text) : IRenderable
{
    private const string EraseBelow = "\u001b[J";

    public Measurement Measure(RenderOptions options, int maxWidth) => new(text.Length, text.Length);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak];
}
