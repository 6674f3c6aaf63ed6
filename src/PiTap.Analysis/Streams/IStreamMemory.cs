namespace PiTap.Analysis.Streams;

/// <summary>Memory for bytes that wait, with an account.</summary>
internal interface IStreamMemory
{
    /// <summary>Rents a buffer; null if the account has no room.</summary>
    byte[]? Rent(int length);

    void Return(byte[] buffer);
}
