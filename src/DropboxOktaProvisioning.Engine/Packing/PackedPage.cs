using System.Collections;

namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Makes an object of a packed record.</summary>
internal delegate T Unpack<out T>(PackReader record);

/// <summary>A page of records, packed. To who reads it as a list, each object is made when it is asked for, anew each time.</summary>
internal sealed class PackedPage<T>(byte[] bytes, int[] starts, Unpack<T> unpack) : IReadOnlyList<T>
{
    /// <summary>The records, one behind the other.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Where each begins.</summary>
    public IReadOnlyList<int> Starts { get; } = starts;

    /// <inheritdoc/>
    public int Count => starts.Length;

    /// <inheritdoc/>
    public T this[int index] => unpack(new PackReader(Bytes, starts[index]));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
