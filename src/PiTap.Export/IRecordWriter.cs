namespace PiTap.Export;

/// <summary>Writes records of one kind in one format. Nothing is complete before it is disposed.</summary>
public interface IRecordWriter<in T> : IDisposable
{
    /// <summary>Adds a record; it may stay in a buffer.</summary>
    void Write(T record);
}
