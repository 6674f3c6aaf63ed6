using System.Device.Gpio;

namespace PiTap.Panel.Tests.Devices;

/// <summary>Pins without a processor: what is written can be read.</summary>
internal sealed class PinBoard : GpioDriver
{
    private readonly bool[] _levels = new bool[28];
    private readonly bool[] _isOpen = new bool[28];
    private readonly PinMode[] _modes = new PinMode[28];
    private int _reads;

    /// <summary>Called with each level that is written.</summary>
    public Action<int, bool> Changed { get; set; } = static (_, _) => { };

    protected override int PinCount => _levels.Length;

    public bool IsHigh(int pin) => _levels[pin];

    /// <summary>What a pin has at the first, second, further time that one is read; null for what was written.</summary>
    public Func<int, bool>? Script { get; set; }

    /// <summary>What something outside does to a pin.</summary>
    public void Press(int pin, bool isHigh) => _levels[pin] = isHigh;

    public bool IsOpen(int pin) => _isOpen[pin];

    protected override void OpenPin(int pinNumber) => _isOpen[pinNumber] = true;

    protected override void ClosePin(int pinNumber) => _isOpen[pinNumber] = false;

    protected override void SetPinMode(int pinNumber, PinMode mode) => _modes[pinNumber] = mode;

    protected override PinMode GetPinMode(int pinNumber) => _modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber) => Script?.Invoke(_reads++) ?? _levels[pinNumber];

    protected override void Write(int pinNumber, PinValue value)
    {
        _levels[pinNumber] = value == PinValue.High;
        Changed(pinNumber, _levels[pinNumber]);
    }

    protected override void Toggle(int pinNumber) => _levels[pinNumber] = !_levels[pinNumber];

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(
        int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) =>
        throw new NotSupportedException();
}
