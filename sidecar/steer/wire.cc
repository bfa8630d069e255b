// SPDX-License-Identifier: Apache-2.0
#include "steer/wire.h"

namespace candor::wire {
namespace {

constexpr uint32_t kLargestNumber = (uint32_t{1} << 29) - 1;

constexpr unsigned kLongest = 10;    // bytes of a varint
constexpr unsigned kLongestTag = 5;  // of a tag or a length, as protobuf's own parsers have it

// Takes a varint from the front; nullopt: it is cut off, longer than `most` bytes or than 64 bits.
std::optional<uint64_t> TakeVarint(std::string_view& from, unsigned most) {
  uint64_t value = 0;
  for (unsigned i = 0; i < most && i < from.size(); ++i) {
    const auto byte = static_cast<uint8_t>(from[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= uint64_t{byte & 0x7fU} << (7 * i);
    if ((byte & 0x80U) != 0) continue;
    from.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

void PutVarint(uint64_t value, std::string& to) {
  for (; value >= 0x80; value >>= 7U) to += static_cast<char>((value & 0x7fU) | 0x80U);
  to += static_cast<char>(value);
}

void PutTag(uint32_t number, Type type, std::string& to) {
  PutVarint(uint64_t{number} << 3U | static_cast<uint8_t>(type), to);
}

void PutVarintField(uint32_t number, uint64_t value, std::string& to) {
  PutTag(number, Type::kVarint, to);
  PutVarint(value, to);
}

void PutBytesField(uint32_t number, std::string_view content, std::string& to) {
  PutTag(number, Type::kBytes, to);
  PutVarint(content.size(), to);
  to += content;
}

}  // namespace

std::optional<Field> Fields::Next() {
  if (rest_.empty() || malformed_) return std::nullopt;
  auto field = Read();
  malformed_ = !field;
  return field;
}

std::optional<Field> Fields::Read() {
  const std::string_view start = rest_;
  const auto tag = TakeVarint(rest_, kLongestTag);
  if (!tag || *tag >> 3U == 0 || *tag >> 3U > kLargestNumber) return std::nullopt;
  Field field;
  field.number = static_cast<uint32_t>(*tag >> 3U);
  uint64_t size = 0;
  switch (*tag & 7U) {
    case 0: {
      const auto value = TakeVarint(rest_, kLongest);
      if (!value) return std::nullopt;
      field.varint = *value;
      break;
    }
    case 1:
      field.type = Type::kFixed64;
      size = 8;
      break;
    case 2: {
      const auto length = TakeVarint(rest_, kLongestTag);
      if (!length || *length > rest_.size()) return std::nullopt;
      field.type = Type::kBytes;
      size = *length;
      field.bytes = rest_.substr(0, size);
      break;
    }
    case 5:
      field.type = Type::kFixed32;
      size = 4;
      break;
    default:
      return std::nullopt;
  }
  if (size > rest_.size()) return std::nullopt;
  rest_.remove_prefix(size);
  field.whole = start.substr(0, start.size() - rest_.size());
  return field;
}

std::optional<std::string> WithVarint(std::string_view message, uint32_t number, uint64_t value) {
  std::string out;
  bool there = false;
  Fields fields(message);
  while (const auto field = fields.Next()) {
    if (field->number == number && field->type == Type::kVarint) {
      PutVarintField(number, value, out);
      there = true;
    } else {
      out += field->whole;
    }
  }
  if (fields.malformed()) return std::nullopt;
  if (!there) PutVarintField(number, value, out);
  return out;
}

std::optional<std::string> WithVarintInside(std::string_view message, uint32_t outer, uint32_t number,
                                            uint64_t value) {
  std::string out;
  bool there = false;
  Fields fields(message);
  while (const auto field = fields.Next()) {
    if (field->number != outer || field->type != Type::kBytes) {
      out += field->whole;
      continue;
    }
    const auto inner = WithVarint(field->bytes, number, value);
    if (!inner) return std::nullopt;
    PutBytesField(outer, *inner, out);
    there = true;
  }
  if (fields.malformed()) return std::nullopt;
  if (!there) PutBytesField(outer, *WithVarint({}, number, value), out);
  return out;
}

}  // namespace candor::wire
