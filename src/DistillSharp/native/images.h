// The C interface of the image library. A picture is decoded in two calls: the header first, so that the caller can
// refuse a size before any memory is taken for it, then the pixels into memory of the caller's.
// Functions return 0 on success and 1 on failure; `message` then holds one line of text.
// No state is kept between calls, and nothing is shared between threads.
#pragma once

#include <cstdint>

#define DSI_API extern "C" __attribute__((visibility("default")))

struct dsi_header {
  int32_t width;        // as stored, before the orientation is applied
  int32_t height;
  int32_t orientation;  // EXIF: 1 (as stored) to 8
};

struct dsi_message {
  char* text;      // room for `length` bytes, ended by 0
  int32_t length;
};

// Pixels are written row by row, interleaved, 1 (grey) or 3 (red, green, blue) bytes each.
DSI_API int dsi_jpeg_header(const uint8_t* data, int64_t length, dsi_header* header, dsi_message* message);
DSI_API int dsi_jpeg_pixels(const uint8_t* data, int64_t length, const dsi_header* header, int32_t channels, uint8_t* pixels, dsi_message* message);
DSI_API int dsi_png_header(const uint8_t* data, int64_t length, dsi_header* header, dsi_message* message);
DSI_API int dsi_png_pixels(const uint8_t* data, int64_t length, const dsi_header* header, int32_t channels, uint8_t* pixels, dsi_message* message);

// For tests and tools: the size that was written, at most `capacity`; 0 on failure.
DSI_API int64_t dsi_jpeg_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t quality, uint8_t* file, int64_t capacity);
DSI_API int64_t dsi_png_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, uint8_t* file, int64_t capacity);

namespace distillsharp {

void say(dsi_message* message, const char* text);

// The orientation in a TIFF block as EXIF has it (without the six bytes "Exif\0\0"); 1 where there is none or it is unsound.
int32_t exif_orientation(const uint8_t* data, int64_t length);

// ITU-R BT.601 luma, rounded.
inline uint8_t luma(int red, int green, int blue) {
  return static_cast<uint8_t>((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}

// a * b / 255, rounded.
inline int scaled(int a, int b) {
  int product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

}  // namespace distillsharp
