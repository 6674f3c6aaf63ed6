using PiTap.Panel.Buttons;

namespace PiTap.Panel.Tests.Buttons;

public sealed class ButtonReaderTests
{
    private const long Millisecond = 1_000_000;

    /// <summary>How long it is pressed and let go, in turn, milliseconds; and what that is.</summary>
    public static TheoryData<int[], ButtonGesture[]> Presses() => new()
    {
        { [80, 1000], [ButtonGesture.Press] },
        { [900, 1000], [ButtonGesture.Press] },
        { [80, 200, 80, 1000], [ButtonGesture.Twice] },
        { [80, 800, 80, 1000], [ButtonGesture.Press, ButtonGesture.Press] },
        { [80, 200, 80, 200, 80, 1000], [ButtonGesture.Twice, ButtonGesture.Press] },
        { [1200, 1000], [ButtonGesture.Hold] },
        { [4900, 1000], [ButtonGesture.Hold] },
        { [5300, 1000], [ButtonGesture.ShutdownAnnounced, ButtonGesture.Shutdown] },
        { [60000, 1000], [ButtonGesture.ShutdownAnnounced, ButtonGesture.Stuck] },
        { [10, 1000], [] },
        { [80, 200, 1500, 1000], [ButtonGesture.Hold] },
    };

    [Theory]
    [MemberData(nameof(Presses))]
    public void A_press_is_what_somebody_meant(int[] times, ButtonGesture[] gestures) =>
        Assert.Equal(gestures, Read(times, isBouncing: false));

    [Theory]
    [MemberData(nameof(Presses))]
    public void Contacts_that_bounce_change_nothing(int[] times, ButtonGesture[] gestures) =>
        Assert.Equal(gestures, Read(times, isBouncing: true));

    [Fact]
    public void A_button_that_is_pressed_when_the_tap_starts_and_never_let_go_is_reported_and_not_obeyed() =>
        Assert.Equal([ButtonGesture.ShutdownAnnounced, ButtonGesture.Stuck], Read([100_000], isBouncing: false));

    private static List<ButtonGesture> Read(int[] times, bool isBouncing)
    {
        ButtonReader reader = new();
        List<ButtonGesture> gestures = [];
        long now = 1_000_000 * Millisecond;
        bool isPressed = false;
        foreach (int time in times)
        {
            isPressed = !isPressed;
            for (int ms = 0; ms < time; ms += 5, now += 5 * Millisecond)
            {
                bool level = isBouncing && ms < 15 && ms % 10 == 5 ? !isPressed : isPressed;
                if (reader.Read(level, now) is var gesture and not ButtonGesture.None)
                    gestures.Add(gesture);
            }
        }
        return gestures;
    }
}
