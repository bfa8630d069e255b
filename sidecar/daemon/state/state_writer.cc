// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_writer.h"

#include <algorithm>
#include <utility>

#include "daemon/state/durable_file.h"

namespace candor::daemon {

StateWriter::StateWriter(StateWriterOptions options, std::function<SavedState()> collect,
                         std::function<void(const std::string&)> on_error)
    : options_(std::move(options)), collect_(std::move(collect)), on_error_(std::move(on_error)) {
  if (!options_.path.empty()) worker_ = Worker([this](const std::stop_token& stop) { Run(stop); });
}

StateWriter::~StateWriter() { Stop(); }

void StateWriter::SaveSoon() {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake_.notify_one();
}

void StateWriter::Stop() { worker_.Stop(); }

void StateWriter::Run(const std::stop_token& stop) {
  for (bool last = false; !last; SleepUnlessStopped(stop, options_.pause)) {
    {
      std::unique_lock lock(mutex_);
      const auto wait = acquired_ ? options_.every : std::min(options_.every, options_.retry);
      wake_.wait_for(lock, stop, wait, [this] { return changed_; });
      changed_ = false;
    }
    last = stop.stop_requested();
    Save();
  }
}

Result<void> StateWriter::Acquire() {
  auto mine = options_.acquire ? options_.acquire() : Result<void>();
  acquired_ = mine.has_value();
  return mine;
}

Result<void> StateWriter::Write(const SavedState& state) {
  return WriteAtomically(options_.path, EncodeState(state));
}

void StateWriter::Save() {
  if (options_.refresh) options_.refresh();
  const std::lock_guard lock(file_mutex_);
  const auto mine = Acquire();
  if (!mine && IsLockedByAnother(mine.error())) return;
  const auto done = mine ? Write(collect_()) : mine;
  Report(done ? "" : done.error().message);
}

void StateWriter::Report(const std::string& error) {
  if (error == last_error_) return;
  last_error_ = error;
  if (on_error_) on_error_(error);
}

Result<void> StateWriter::Commit(const std::function<void(SavedState&)>& change,
                                 const std::function<void()>& apply) {
  const std::lock_guard lock(file_mutex_);
  if (auto mine = Acquire(); !mine) return mine;
  SavedState next = collect_();
  change(next);
  auto done = Write(next);
  if (done) {
    apply();
    return {};
  }
  // The new file may be in place and only not synced: the next candord must not read what was refused here.
  if (!Write(collect_())) SaveSoon();
  return done;
}

}  // namespace candor::daemon
