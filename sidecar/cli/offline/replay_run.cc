// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_run.h"

#include "cli/offline/replay_ticker.h"

namespace candor::cli {

ReplaySpan DriveReplay(FileSource& source, Pipeline& pipeline, Duration tick,
                       const std::function<void()>& progress) {
  ReplaySpan span;
  auto next = source.NextTime();
  if (next && *next) span.first = **next;
  pipeline.Begin(span.first);
  if (next && *next) pipeline.Tick(span.first, source);  // UNKNOWN from the first packet
  ReplayTicker ticker(span.first, tick);
  const FlowSink sink = [&](const FlowEvent& e) { pipeline.OnFlow(e); };
  while (next && *next) {
    for (; ticker.due() <= **next; ticker.Advance()) pipeline.Tick(ticker.due(), source);
    ticker.Resume(**next);
    // NextTime() returns any damage again.
    (void)source.PollUntil(ticker.due(), sink);
    progress();
    next = source.NextTime();
  }
  if (!next) span.damage = next.error();
  if (source.counts().captured > 0) pipeline.Tick(source.now(), source);
  return span;
}

}  // namespace candor::cli
