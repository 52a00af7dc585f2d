// EXIF's orientation, and the text of errors.
#include "images.h"

#include <cstring>

namespace distillsharp {

namespace {

constexpr uint16_t orientation_tag = 0x0112;
constexpr uint16_t type_short = 3;

struct Tiff {
  const uint8_t* data;
  int64_t length;
  bool little;

  bool holds(int64_t offset, int64_t count) const { return offset >= 0 && offset + count <= length; }

  uint32_t word(int64_t at) const {
    return little ? data[at] | data[at + 1] << 8 : data[at] << 8 | data[at + 1];
  }

  uint32_t quad(int64_t at) const {
    return little ? word(at) | word(at + 2) << 16 : word(at) << 16 | word(at + 2);
  }
};

}  // namespace

int32_t exif_orientation(const uint8_t* data, int64_t length) {
  if (length < 8) {
    return 1;
  }
  bool little = data[0] == 'I' && data[1] == 'I';
  if (!little && (data[0] != 'M' || data[1] != 'M')) {
    return 1;
  }
  Tiff tiff{data, length, little};
  int64_t directory = tiff.quad(4);
  if (tiff.word(2) != 42 || !tiff.holds(directory, 2)) {
    return 1;
  }
  int64_t entries = tiff.word(directory);
  for (int64_t i = 0; i < entries; i++) {
    int64_t entry = directory + 2 + 12 * i;
    if (!tiff.holds(entry, 12)) {
      return 1;
    }
    if (tiff.word(entry) == orientation_tag) {
      uint32_t value = tiff.word(entry + 8);
      return tiff.word(entry + 2) == type_short && value >= 1 && value <= 8 ? static_cast<int32_t>(value) : 1;
    }
  }
  return 1;
}

void say(dsi_message* message, const char* text) {
  if (message == nullptr || message->length < 1) {
    return;
  }
  size_t count = strlen(text);
  size_t room = static_cast<size_t>(message->length) - 1;
  count = count < room ? count : room;
  memcpy(message->text, text, count);
  message->text[count] = 0;
}

}  // namespace distillsharp
