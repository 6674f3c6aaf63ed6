using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// AES-128 of one block (FIPS 197), for QUIC's header protection (RFC 9001 section 5.4.3). Every connection has a key of its own, and
/// making a platform object for a single block costs far more than the block: where the processor has AES, it is asked directly.
/// </summary>
internal sealed class AesBlock : IDisposable
{
    public const int Size = 16;

    private const int Rounds = 10;
    private const int WordsPerKey = 4;

    private readonly uint[]? _roundKeys;
    private readonly Aes? _platform;
    private readonly byte[] _block = new byte[Size];
    private ICryptoTransform? _encryptor;

    public AesBlock(bool useProcessor)
    {
        if (useProcessor)
        {
            _roundKeys = new uint[WordsPerKey * (Rounds + 1)];
        }
        else
        {
            _platform = Aes.Create();
            _platform.Mode = CipherMode.ECB;
            _platform.Padding = PaddingMode.None;
        }
    }

    /// <summary>True if the processor has AES instructions: not on a Raspberry Pi 4.</summary>
    public static bool IsProcessorCapable => X86Aes.IsSupported || ArmAes.IsSupported;

    /// <summary>Takes a key of 16 bytes for the blocks to come.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        if (_roundKeys is null)
        {
            _encryptor?.Dispose();
            _platform!.SetKey(key);
            _encryptor = _platform.CreateEncryptor();
            return;
        }
        for (int i = 0; i < WordsPerKey; i++)
            _roundKeys[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * sizeof(uint))..]);
        // FIPS 197 section 5.2, with words in little-endian order: RotWord turns right.
        uint roundConstant = 1;
        for (int i = WordsPerKey; i < _roundKeys.Length; i++)
        {
            uint word = _roundKeys[i - 1];
            if (i % WordsPerKey == 0)
            {
                word = Substitute(BitOperations.RotateRight(word, 8)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11b);
            }
            _roundKeys[i] = _roundKeys[i - WordsPerKey] ^ word;
        }
    }

    /// <summary>Encrypts 16 bytes.</summary>
    public void Encrypt(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        if (_roundKeys is null)
        {
            block[..Size].CopyTo(_block);
            _encryptor!.TransformBlock(_block, 0, Size, _block, 0);
            _block.CopyTo(destination);
            return;
        }
        ReadOnlySpan<Vector128<byte>> keys = MemoryMarshal.Cast<uint, Vector128<byte>>(_roundKeys);
        Vector128<byte> state = Vector128.Create(block[..Size]);
        if (X86Aes.IsSupported)
        {
            state ^= keys[0];
            for (int i = 1; i < Rounds; i++)
                state = X86Aes.Encrypt(state, keys[i]);
            state = X86Aes.EncryptLast(state, keys[Rounds]);
        }
        else
        {
            for (int i = 0; i < Rounds - 1; i++)
                state = ArmAes.MixColumns(ArmAes.Encrypt(state, keys[i]));
            state = ArmAes.Encrypt(state, keys[Rounds - 1]) ^ keys[Rounds];
        }
        state.CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encryptor?.Dispose();
        _platform?.Dispose();
    }

    // A round on four equal columns: shifting its rows changes nothing, so what is left is the substitution.
    private static uint Substitute(uint word)
    {
        Vector128<byte> columns = Vector128.Create(word).AsByte();
        Vector128<byte> substituted = X86Aes.IsSupported
            ? X86Aes.EncryptLast(columns, Vector128<byte>.Zero)
            : ArmAes.Encrypt(columns, Vector128<byte>.Zero);
        return substituted.AsUInt32().ToScalar();
    }
}
