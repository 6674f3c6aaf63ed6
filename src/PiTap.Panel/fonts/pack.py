#!/usr/bin/env python3
"""Packs the bitmap fonts of the panel.

  apt-get download fonts-spleen unifont
  for package in *.deb; do dpkg -x "$package" unpacked; done
  python3 pack.py unpacked

writes one file for each size beside this script. A packed font is, in big-endian order:

  u8 width, u8 height            of a cell, pixels
  u16 ranges                     how many follow
  ranges x (u32 first, u16 n)    characters in order, without gaps inside a range
  glyphs                         height rows each, a row in ceil(width / 8) bytes, leftmost pixel in the highest bit

and the whole of that is one zlib stream (RFC 1950).
"""
import gzip
import pathlib
import struct
import sys
import zlib

SPLEEN = ["5x8", "6x12", "8x16", "12x24", "16x32", "32x64"]

# What a name in Latin letters needs; the rest comes from Unifont.
LATIN = [(0x20, 0x7E), (0xA0, 0x17F), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026),
         (0x20AC, 0x20AC)]

BLANK = (0x20, 0xA0, 0x3000)

# Scripts that are written letter after letter from left to right. Arabic, Hebrew, the scripts of India and Thai need a shaper: a
# letter in the wrong form or place would be worse than the ASCII form.
NARROW = [(0xA1, 0x24F), (0x370, 0x3FF), (0x400, 0x482), (0x48A, 0x52F), (0x531, 0x556), (0x561, 0x587), (0x10A0, 0x10FF),
          (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2116, 0x2122), (0xFF61, 0xFF9F)]
WIDE = [(0x2E80, 0x2FD5), (0x3001, 0x30FF), (0x3105, 0x312F), (0x3131, 0x318E), (0x31F0, 0x31FF),
        (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF60)]


def read_pcf(path):
    """Glyphs of a PCF font (the X11 format): {code point: rows of bits, highest bit left}, and the size of a cell."""
    data = gzip.open(path).read()
    tables = {kind: (form, offset) for kind, form, _, offset in struct.iter_unpack("<4I", data[8:8 + 16 * struct.unpack_from("<I", data, 4)[0]])}

    def order(offset):
        return ">" if struct.unpack_from("<I", data, offset)[0] & 4 else "<"

    metrics_at = tables[4][1]
    form = struct.unpack_from("<I", data, metrics_at)[0]
    metrics = []
    if form & 0x100:
        count, = struct.unpack_from(order(metrics_at) + "H", data, metrics_at + 4)
        for i in range(count):
            metrics.append([byte - 0x80 for byte in data[metrics_at + 6 + 5 * i:metrics_at + 11 + 5 * i]])
    else:
        count, = struct.unpack_from(order(metrics_at) + "I", data, metrics_at + 4)
        for i in range(count):
            metrics.append(struct.unpack_from(order(metrics_at) + "5h", data, metrics_at + 8 + 12 * i))
    bitmaps_at = tables[8][1]
    e = order(bitmaps_at)
    form = struct.unpack_from("<I", data, bitmaps_at)[0]
    pad = 1 << (form & 3)
    count, = struct.unpack_from(e + "I", data, bitmaps_at + 4)
    offsets = struct.unpack_from(f"{e}{count}I", data, bitmaps_at + 8)
    bits = bitmaps_at + 8 + 4 * count + 16
    accelerators_at = tables[2][1]
    ascent, descent = struct.unpack_from(order(accelerators_at) + "2i", data, accelerators_at + 12)
    encodings_at = tables[32][1]
    e = order(encodings_at)
    low, high, first, last, _ = struct.unpack_from(e + "5H", data, encodings_at + 4)
    width = metrics[0][2]
    height = ascent + descent
    glyphs = {}
    for row in range(first, last + 1):
        for column in range(low, high + 1):
            index, = struct.unpack_from(e + "H", data, encodings_at + 14 + 2 * ((row - first) * (high - low + 1) + column - low))
            if index == 0xFFFF:
                continue
            left, right, _, up, down = metrics[index]
            stride = ((right - left + 7) // 8 + pad - 1) // pad * pad
            rows = [0] * height
            for y in range(up + down):
                line = data[bits + offsets[index] + y * stride:bits + offsets[index] + (y + 1) * stride]
                if not form & 8:
                    line = bytes(int(f"{byte:08b}"[::-1], 2) for byte in line)
                value = int.from_bytes(line, "big") >> (8 * stride - (right - left))
                at = ascent - up + y
                if 0 <= at < height:
                    rows[at] = value << max(width - right, 0)
            glyphs[row << 8 | column] = rows
    return width, height, glyphs


def read_hex(path):
    """Glyphs of unifont.hex: a line is a code point, a colon and 16 rows of one or two bytes."""
    narrow, wide = {}, {}
    for line in path.read_text("ascii").splitlines():
        code, digits = line.split(":")
        size = len(digits) // 16
        (narrow if size == 2 else wide)[int(code, 16)] = [int(digits[i:i + size], 16) for i in range(0, len(digits), size)]
    return narrow, wide


def pack(target, width, height, glyphs, wanted):
    # Small fonts have cells for letters that they do not draw: a name is better off without its accents than without its letters.
    codes = sorted(code for first, last in wanted for code in range(first, last + 1)
                   if code in glyphs and (any(glyphs[code]) or code in BLANK))
    ranges = []
    for code in codes:
        if ranges and ranges[-1][0] + ranges[-1][1] == code:
            ranges[-1][1] += 1
        else:
            ranges.append([code, 1])
    stride = (width + 7) // 8
    body = struct.pack(">BBH", width, height, len(ranges)) + b"".join(struct.pack(">IH", *each) for each in ranges)
    body += b"".join((row << (8 * stride - width)).to_bytes(stride, "big") for code in codes for row in glyphs[code])
    packed = zlib.compress(body, 9)
    target.write_bytes(packed)
    print(f"{target.name}: {len(codes)} characters, {len(body)} bytes, packed {len(packed)}")


def main():
    source, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
    for size in SPLEEN:
        width, height, glyphs = read_pcf(source / f"usr/share/fonts/X11/misc/spleen-{size}.pcf.gz")
        pack(here / f"spleen-{size}.font", width, height, glyphs, LATIN)
    narrow, wide = read_hex(source / "usr/share/unifont/unifont.hex")
    pack(here / "unifont-8x16.font", 8, 16, narrow, NARROW)
    pack(here / "unifont-16x16.font", 16, 16, wide, WIDE)


if __name__ == "__main__":
    main()
