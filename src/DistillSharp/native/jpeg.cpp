// JPEG through libjpeg. Its errors come by longjmp: between setjmp and the end of a function only plain values live.
#include "images.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jerror.h>
#include <jpeglib.h>

using namespace distillsharp;

namespace {

// A progressive picture asks for one pass over the whole picture per scan; real ones have about ten.
constexpr int most_scans = 500;
// What libjpeg may hold itself: the coefficients of a progressive picture.
constexpr long most_memory = 1L << 30;

struct Handler {
  jpeg_error_mgr base;
  jmp_buf jump;
  dsi_message* message;
};

struct Progress {
  jpeg_progress_mgr base;
  Handler* handler;
};

[[noreturn]] void fail(j_common_ptr codec) {
  auto* handler = reinterpret_cast<Handler*>(codec->err);
  char text[JMSG_LENGTH_MAX];
  handler->base.format_message(codec, text);
  say(handler->message, text);
  longjmp(handler->jump, 1);
}

// libjpeg fills up what is missing with grey and only warns. Pixels that were not in the file are no pixels to train on.
void warn(j_common_ptr codec, int level) {
  if (level >= 0) {
    return;
  }
  switch (codec->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA:
      return;
    default:
      fail(codec);
  }
}

void be_silent(j_common_ptr) {}

void check_scans(j_common_ptr codec) {
  if (codec->is_decompressor && reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > most_scans) {
    Handler* handler = reinterpret_cast<Progress*>(codec->progress)->handler;
    say(handler->message, "more than 500 scans, which only a file made to keep a decoder busy has");
    longjmp(handler->jump, 1);
  }
}

void prepare(Handler& handler, dsi_message* message) {
  jpeg_std_error(&handler.base);
  handler.base.error_exit = fail;
  handler.base.emit_message = warn;
  handler.base.output_message = be_silent;
  handler.message = message;
}

void open(jpeg_decompress_struct& codec, Handler& handler, Progress& progress, const uint8_t* data, int64_t length) {
  jpeg_create_decompress(&codec);
  codec.mem->max_memory_to_use = most_memory;
  memset(&progress, 0, sizeof progress);
  progress.base.progress_monitor = check_scans;
  progress.handler = &handler;
  codec.progress = &progress.base;
  jpeg_mem_src(&codec, const_cast<uint8_t*>(data), static_cast<unsigned long>(length));
  jpeg_save_markers(&codec, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&codec, TRUE);
}

int32_t orientation_of(const jpeg_decompress_struct& codec) {
  for (const jpeg_marker_struct* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->data_length > 6 && memcmp(marker->data, "Exif\0\0", 6) == 0) {
      return exif_orientation(marker->data + 6, marker->data_length - 6);
    }
  }
  return 1;
}

// One row of cyan, magenta, yellow and black. Adobe stores them the other way round: 255 is no ink.
void convert_inks(const uint8_t* inks, int32_t width, bool inverted, int32_t channels, uint8_t* row) {
  for (int32_t x = 0; x < width; x++, inks += 4, row += channels) {
    int flip = inverted ? 0 : 255;
    int light = inks[3] ^ flip;
    int red = scaled(inks[0] ^ flip, light);
    int green = scaled(inks[1] ^ flip, light);
    int blue = scaled(inks[2] ^ flip, light);
    if (channels == 1) {
      row[0] = luma(red, green, blue);
    } else {
      row[0] = static_cast<uint8_t>(red);
      row[1] = static_cast<uint8_t>(green);
      row[2] = static_cast<uint8_t>(blue);
    }
  }
}

}  // namespace

int dsi_jpeg_header(const uint8_t* data, int64_t length, dsi_header* header, dsi_message* message) {
  jpeg_decompress_struct codec;
  Handler handler;
  Progress progress;
  memset(&codec, 0, sizeof codec);
  codec.err = &handler.base;
  prepare(handler, message);
  if (setjmp(handler.jump)) {
    jpeg_destroy_decompress(&codec);
    return 1;
  }
  open(codec, handler, progress, data, length);
  header->width = static_cast<int32_t>(codec.image_width);
  header->height = static_cast<int32_t>(codec.image_height);
  header->orientation = orientation_of(codec);
  jpeg_destroy_decompress(&codec);
  return 0;
}

int dsi_jpeg_pixels(const uint8_t* data, int64_t length, const dsi_header* header, int32_t channels, uint8_t* pixels, dsi_message* message) {
  jpeg_decompress_struct codec;
  Handler handler;
  Progress progress;
  memset(&codec, 0, sizeof codec);
  codec.err = &handler.base;
  prepare(handler, message);
  if (setjmp(handler.jump)) {
    jpeg_destroy_decompress(&codec);
    return 1;
  }
  open(codec, handler, progress, data, length);
  bool inks = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  codec.out_color_space = inks ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  // The exact inverse transform: the same bytes with and without vector instructions.
  codec.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&codec);
  if (static_cast<int32_t>(codec.output_width) != header->width || static_cast<int32_t>(codec.output_height) != header->height ||
      codec.output_components != (inks ? 4 : channels)) {
    say(message, "the size or the number of channels is not what the header said");
    jpeg_destroy_decompress(&codec);
    return 1;
  }
  // libjpeg's own memory: freed with the codec, however we leave.
  JSAMPARRAY line = inks ? codec.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&codec), JPOOL_IMAGE, codec.output_width * 4, 1) : nullptr;
  size_t stride = static_cast<size_t>(header->width) * static_cast<size_t>(channels);
  while (codec.output_scanline < codec.output_height) {
    uint8_t* row = pixels + stride * codec.output_scanline;
    JSAMPROW target = inks ? line[0] : row;
    if (jpeg_read_scanlines(&codec, &target, 1) != 1) {
      say(message, "the pixels end early");
      jpeg_destroy_decompress(&codec);
      return 1;
    }
    if (inks) {
      convert_inks(line[0], header->width, codec.saw_Adobe_marker, channels, row);
    }
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
  return 0;
}

int64_t dsi_jpeg_write(const uint8_t* pixels, int32_t width, int32_t height, int32_t channels, int32_t quality, uint8_t* file, int64_t capacity) {
  jpeg_compress_struct codec;
  Handler handler;
  unsigned char* volatile written = nullptr;
  unsigned char* buffer = nullptr;
  unsigned long length = 0;
  memset(&codec, 0, sizeof codec);
  codec.err = &handler.base;
  prepare(handler, nullptr);
  if (setjmp(handler.jump)) {
    jpeg_destroy_compress(&codec);
    free(written);
    return 0;
  }
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &buffer, &length);
  codec.image_width = static_cast<JDIMENSION>(width);
  codec.image_height = static_cast<JDIMENSION>(height);
  codec.input_components = channels;
  codec.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<uint8_t*>(pixels + static_cast<size_t>(codec.next_scanline) * width * channels);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  written = buffer;
  jpeg_destroy_compress(&codec);
  int64_t size = static_cast<int64_t>(length) <= capacity ? static_cast<int64_t>(length) : 0;
  memcpy(file, buffer, static_cast<size_t>(size));
  free(buffer);
  return size;
}
