// SPDX-License-Identifier: Apache-2.0
//
// Messages in protobuf's wire format (protobuf.dev/programming-guides/encoding) without a schema: single
// fields are read and replaced, and everything else of the message stays, byte for byte. Groups (wire types 3
// and 4, which proto3 cannot write) make a message malformed. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::wire {

enum class Type : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct Field {
  uint32_t number = 0;  // 1 to 2^29 - 1
  Type type = Type::kVarint;
  uint64_t varint = 0;     // of kVarint
  std::string_view bytes;  // of kBytes: the content, without its length
  std::string_view whole;  // the field as it stands in the message, tag included
};

// Visits the fields of a message in order. The views of a Field point into the message.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}
  // nullopt: the message has ended, or is malformed from here on.
  std::optional<Field> Next();
  bool malformed() const { return malformed_; }

 private:
  std::optional<Field> Read();

  std::string_view rest_;
  bool malformed_ = false;
};

// The message with every varint field `number` set to `value`, or with it appended where there is none.
// nullopt: the message is malformed.
std::optional<std::string> WithVarint(std::string_view message, uint32_t number, uint64_t value);

// The same in the message that field `outer` holds; where there is none, one is appended.
std::optional<std::string> WithVarintInside(std::string_view message, uint32_t outer, uint32_t number,
                                            uint64_t value);

}  // namespace candor::wire
