// SPDX-License-Identifier: Apache-2.0
//
// The sentences of a verdict whose cause is known. Tested in tests/verdict/explain_cause_test.cc.
#include <fmt/format.h>

#include "verdict/cause_codes.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

constexpr const char* kComesBack =
    " Keep new sessions off this node until then; it is let back in by itself once new connections come up.";

}  // namespace

void ExplainCause(Verdict* v) {
  const Cause& cause = v->cause;
  if (cause.text.empty() || (v->state != State::kFailing && v->state != State::kDegraded)) return;
  if (cause.code.empty()) {
    if (v->detail.find(cause.text) == std::string::npos) v->detail += " " + cause.text;
    return;
  }
  // These name the kernel's reason themselves.
  const bool of_drops =
      v->reason == "receive_drops" || v->reason == "failed_sends" || v->reason == "dropped_here";
  if (of_drops && IsDrop(CauseCodeOf(cause.code))) return;
  // What was measured takes the place of what these say of strangers; an inference stands beside it.
  if (cause.measured && (v->reason.starts_with("unanswered_") || v->reason == "unacknowledged_flood")) {
    v->detail = fmt::format("{} are not answered. {} {}", Counts(*v), cause.text, Certainty(*v));
    v->remediation = cause.remediation;
    return;
  }
  if (!cause.measured) {
    v->detail += " Most likely: " + cause.text;
    v->remediation =
        cause.remediation + (v->remediation.empty() ? "" : " If that is not it: " + v->remediation);
    return;
  }
  if (v->reason == "local_fault" && v->detail.starts_with(cause.text)) {
    v->remediation = cause.remediation + (v->state == State::kFailing ? kComesBack : "");
    return;
  }
  // What was measured takes the place of what the detector's sentence suggests; but where connections come
  // up, that sentence says what is missing.
  const bool keeps_sentence = of_drops || v->reason == "media_missing" || v->reason == "calls_muted" ||
                              v->reason == "media_not_received" || v->reason == "slow_setup";
  v->detail = keeps_sentence ? v->detail + " " + cause.text : cause.text;
  if (!keeps_sentence && v->counted > 0)
    v->detail += fmt::format(" {} failed. {}", Counts(*v), Certainty(*v));
  v->remediation = cause.remediation;
  if (v->state == State::kFailing) v->remediation += kComesBack;
}

}  // namespace candor
