// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_writer.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "daemon/state/durable_file.h"

namespace candor::daemon {

PreviousState ReadPreviousState(const std::string& path) {
  if (path.empty()) return {};
  auto bytes = ReadWhole(path);
  if (!bytes) return {std::nullopt, bytes.error().message};
  if (!*bytes) return {};
  auto state = DecodeState(**bytes);
  if (state) return {std::move(*state), ""};
  // Kept for whoever wants to know what happened; the next save would overwrite it.
  const std::string aside = path + ".damaged";
  const bool moved = std::rename(path.c_str(), aside.c_str()) == 0;
  return {std::nullopt, "THE STATE FILE " + path + " IS IGNORED: " + state.error().message +
                            (moved ? "; it was moved to " + aside : "") +
                            ". What is usual here is learned anew, drains and overrides are lost"};
}

StateWriter::StateWriter(StateWriterOptions options, std::function<SavedState()> collect,
                         std::function<void(const std::string&)> trouble)
    : options_(std::move(options)), collect_(std::move(collect)), trouble_(std::move(trouble)) {
  if (!options_.path.empty()) thread_ = std::thread([this] { Run(); });
}

StateWriter::~StateWriter() { Stop(); }

void StateWriter::SaveSoon() {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake_.notify_one();
}

void StateWriter::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void StateWriter::Run() {
  for (;;) {
    bool stop = false;
    {
      std::unique_lock lock(mutex_);
      const auto wait = ours_ ? options_.every : std::min(options_.every, options_.ask_again);
      wake_.wait_for(lock, wait, [this] { return stop_ || changed_; });
      changed_ = false;
      stop = stop_;
    }
    Save();
    if (stop) return;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.rest, [this] { return stop_; });
  }
}

Result<void> StateWriter::Own() {
  auto mine = options_.owned ? options_.owned() : Result<void>();
  ours_ = mine.has_value();
  return mine;
}

Result<void> StateWriter::Write(const SavedState& state) {
  return WriteAtomically(options_.path, EncodeState(state));
}

void StateWriter::Save() {
  if (options_.refresh) options_.refresh();
  const std::lock_guard lock(file_mutex_);
  const auto mine = Own();
  if (!mine && IsLockedByAnother(mine.error())) return;
  const auto done = mine ? Write(collect_()) : mine;
  Tell(done ? "" : done.error().message);
}

void StateWriter::Tell(const std::string& trouble) {
  if (trouble == last_trouble_) return;
  last_trouble_ = trouble;
  if (trouble_) trouble_(trouble);
}

Result<void> StateWriter::Commit(const std::function<void(SavedState&)>& change,
                                 const std::function<void()>& apply) {
  const std::lock_guard lock(file_mutex_);
  if (auto mine = Own(); !mine) return mine;
  SavedState next = collect_();
  change(next);
  auto done = Write(next);
  if (done) {
    apply();
    return {};
  }
  // The new file may lie there, only not synced: the next candord must not find in it what was refused here.
  if (!Write(collect_())) SaveSoon();
  return done;
}

}  // namespace candor::daemon
