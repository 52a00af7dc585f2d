// PNG through libpng's simplified interface, which handles every colour type, depth and interlacing, and its own errors.
#include "images.h"

#include <cstdlib>
#include <cstring>

#include <png.h>

using namespace distillsharp;

namespace {

constexpr int64_t signature_length = 8;

uint32_t big_endian(const uint8_t* at) {
  return static_cast<uint32_t>(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

// The chunk eXIf, which the simplified interface does not hand out; before the pixels or not at all.
int32_t orientation_of(const uint8_t* data, int64_t length) {
  for (int64_t at = signature_length; at + 12 <= length;) {
    int64_t size = big_endian(data + at);
    const uint8_t* type = data + at + 4;
    if (size > length - at - 12 || memcmp(type, "IDAT", 4) == 0) {
      return 1;
    }
    if (memcmp(type, "eXIf", 4) == 0) {
      return exif_orientation(data + at + 8, size);
    }
    at += size + 12;
  }
  return 1;
}

bool begin(png_image& image, const uint8_t* data, int64_t length, dsi_message* message) {
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, data, static_cast<size_t>(length)) == 0) {
    say(message, image.message);
    png_image_free(&image);
    return false;
  }
  return true;
}

// Transparent pixels on black: every channel times its alpha.
void put(const uint8_t* pixel, bool colour, bool alpha, int32_t channels, uint8_t* to) {
  int opacity = alpha ? pixel[colour ? 3 : 1] : 255;
  int red = scaled(pixel[0], opacity);
  int green = colour ? scaled(pixel[1], opacity) : red;
  int blue = colour ? scaled(pixel[2], opacity) : red;
  if (channels == 1) {
    to[0] = colour ? luma(red, green, blue) : static_cast<uint8_t>(red);
  } else {
    to[0] = static_cast<uint8_t>(red);
    to[1] = static_cast<uint8_t>(green);
    to[2] = static_cast<uint8_t>(blue);
  }
}

}  // namespace

int dsi_png_header(const uint8_t* data, int64_t length, dsi_header* header, dsi_message* message) {
  png_image image;
  if (!begin(image, data, length, message)) {
    return 1;
  }
  header->width = static_cast<int32_t>(image.width);
  header->height = static_cast<int32_t>(image.height);
  header->orientation = orientation_of(data, length);
  png_image_free(&image);
  return 0;
}

int dsi_png_pixels(const uint8_t* data, int64_t length, const dsi_header* header, int32_t channels, uint8_t* pixels, dsi_message* message) {
  png_image image;
  if (!begin(image, data, length, message)) {
    return 1;
  }
  if (static_cast<int32_t>(image.width) != header->width || static_cast<int32_t>(image.height) != header->height) {
    say(message, "the size is not what the header said");
    png_image_free(&image);
    return 1;
  }
  // 16 bits a channel without a gamma are read as sRGB, like 8 bits; libpng would take them for linear light.
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  bool colour = (image.format & PNG_FORMAT_FLAG_COLOR) != 0;
  bool alpha = (image.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  image.format = colour ? (alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB) : (alpha ? PNG_FORMAT_GA : PNG_FORMAT_GRAY);
  int32_t stored = (colour ? 3 : 1) + (alpha ? 1 : 0);
  size_t count = static_cast<size_t>(image.width) * image.height;
  bool direct = stored == channels;
  auto* buffer = direct ? pixels : static_cast<uint8_t*>(malloc(count * static_cast<size_t>(stored)));
  if (buffer == nullptr) {
    say(message, "no memory for its pixels");
    png_image_free(&image);
    return 1;
  }
  if (png_image_finish_read(&image, nullptr, buffer, 0, nullptr) == 0) {
    say(message, image.message);
    png_image_free(&image);
    if (!direct) {
      free(buffer);
    }
    return 1;
  }
  if (!direct) {
    for (size_t i = 0; i < count; i++) {
      put(buffer + i * static_cast<size_t>(stored), colour, alpha, channels, pixels + i * static_cast<size_t>(channels));
    }
    free(buffer);
  }
  return 0;
}

int64_t dsi_png_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, uint8_t* file, int64_t capacity) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = channels == 1 ? PNG_FORMAT_GRAY : channels == 2 ? PNG_FORMAT_GA : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  auto length = static_cast<png_alloc_size_t>(capacity);
  return png_image_write_to_memory(&image, file, &length, 0, pixels, 0, nullptr) ? static_cast<int64_t>(length) : 0;
}
