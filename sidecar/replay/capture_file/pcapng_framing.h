// SPDX-License-Identifier: Apache-2.0
//
// The pcapng file format (draft-ietf-opsawg-pcapng). A file is a sequence of blocks:
//
//   type(4) total length(4) body(...) total length again(4)     length counts all of it, a multiple of 4
//
// A Section Header sets the byte order and ends the list of interfaces; an Interface Description adds one,
// with its link type and the resolution and offset of its timestamps; packets are in Enhanced, Simple or
// (obsolete) Packet blocks. Other blocks are skipped.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
#pragma once

#include <vector>

#include "replay/byte_order.h"
#include "replay/capture_file/framing.h"
#include "replay/capture_file/pcapng_time.h"

namespace candor {

class PcapngFraming final : public Framing {
 public:
  static constexpr uint32_t kMagic = 0x0a0d0d0a;  // the same in both byte orders

  Result<bool> Next(ByteStream& in, CapturedPacket* packet) override;
  uint64_t lost() const override { return lost_; }

 private:
  struct Interface {
    uint16_t link_type = 0;
    uint32_t snap_length = 0;  // 0: no limit
    PcapngClock clock;
    uint64_t lost = 0;  // as of its last statistics block
  };
  // A whole block in memory, its body between the two lengths.
  struct Block {
    uint32_t type = 0;
    uint64_t offset = 0;  // of its first byte in the file
    const uint8_t* body = nullptr;
    size_t body_bytes = 0;
  };

  Result<Block> Read(ByteStream& in);
  Result<size_t> BlockLength(ByteStream& in);
  // True: the block was a packet.
  Result<bool> Take(const Block& b, CapturedPacket* packet);
  Result<bool> BeginSection(const Block& b);
  Result<bool> AddInterface(const Block& b);
  Result<bool> NoteStatistics(const Block& b);
  Result<bool> TakeTimed(const Block& b, bool enhanced, CapturedPacket* packet);
  Result<bool> TakeSimple(const Block& b, CapturedPacket* packet);

  ByteOrder order_;
  std::vector<Interface> interfaces_;
  Time last_{};
  uint64_t lost_ = 0;
};

}  // namespace candor
