using PiTap.Host.Replay;
using PiTap.TestKit.Scenarios;

namespace PiTap.Host.Tests.Replay;

public sealed class DemoCaptureTests
{
    [Fact]
    public void The_program_carries_the_capture_that_the_builder_makes()
    {
        using Stream carried = DemoCapture.Open();
        using MemoryStream bytes = new();
        carried.CopyTo(bytes);
        Assert.True(bytes.ToArray().AsSpan().SequenceEqual(Clubhouse2021.Build()));
    }
}
