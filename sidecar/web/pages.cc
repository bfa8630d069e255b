// SPDX-License-Identifier: Apache-2.0
#include "web/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_quote.h"
#include "serve/verdict_json.h"
#include "web/metrics.h"
#include "web/routing_advice.h"

namespace candor::web {
namespace {

constexpr const char* kJson = "application/json";

Answer Json(int status, std::string body) { return {status, kJson, std::move(body) + "\n", {}}; }

// "http://host:1/readyz?verbose" -> "/readyz"
std::string_view PathOf(std::string_view target) {
  const size_t scheme = target.find("://");
  if (scheme != std::string_view::npos && scheme < target.find_first_of("/?")) {
    const size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find('?'));
}

std::string ReadyJson(const Snapshot& snapshot, const RoutingAdvice& advice) {
  const Verdict shown = snapshot.shown();
  return fmt::format(
      R"({{"serving":{},"state":{},"reason":{},"detail":{},"remediation":{},"cause":{},"self_report":{},"sees":{},"sequence":{}}})",
      advice.serving, JsonQuoted(Name(shown.state)), JsonQuoted(shown.reason), JsonQuoted(shown.detail),
      JsonQuoted(shown.remediation), JsonQuoted(shown.cause.code), JsonQuoted(Name(snapshot.self.answer)),
      IsObserving(snapshot.source), snapshot.sequence);
}

}  // namespace

struct Pages::Page {
  std::string_view path;
  Answer (Pages::*render)() const;
  std::string_view what;
};

const std::vector<Pages::Page>& Pages::All() {
  static const std::vector<Page> pages = {
      {"/", &Pages::Index, "this text"},
      {"/livez", &Pages::Live, "200 while candord runs, whatever the verdict"},
      {"/readyz", &Pages::Ready, "200 while the node should get traffic, else 503, with the reason as JSON"},
      {"/healthz", &Pages::Ready, "the same as /readyz"},
      {"/metrics", &Pages::Metrics, "for Prometheus"},
      {"/verdict", &Pages::VerdictPage, "the whole verdict, as JSON"},
  };
  return pages;
}

Answer Pages::Respond(std::string_view method, std::string_view target) {
  const std::string_view path = PathOf(target);
  Answer answer = Find(method, path);
  Count(path, answer.status);
  return answer;
}

Answer Pages::Find(std::string_view method, std::string_view path) const {
  const auto page = std::find_if(All().begin(), All().end(), [&](const Page& p) { return p.path == path; });
  if (page == All().end()) {
    std::string known;
    for (const Page& p : All()) known += fmt::format("  {:9} {}\n", p.path, p.what);
    return {404, Answer{}.content_type, "no such page; the pages are\n" + known, {}};
  }
  if (method != "GET" && method != "HEAD") {
    return {405, Answer{}.content_type, "every page is read with GET or HEAD\n", {{"Allow", "GET, HEAD"}}};
  }
  return (this->*page->render)();
}

Answer Pages::Refuse(int status, std::string_view what) {
  Count("other", status);
  return {status, Answer{}.content_type, std::string(what) + "\n", {}};
}

void Pages::Count(std::string_view path, int status) {
  const bool known = std::any_of(All().begin(), All().end(), [&](const Page& p) { return p.path == path; });
  ++traffic_.requests[{known ? std::string(path) : "other", status}];
}

Answer Pages::Index() const {
  const SnapshotPtr snapshot = snapshots_.Read();
  const Verdict shown = snapshot->shown();
  std::string text = fmt::format("candord {}: {}, answering {}: {}\n\n", about_.version, Name(shown.state),
                                 snapshot->serving ? "SERVING" : "NOT_SERVING", shown.reason);
  for (const Page& p : All()) text += fmt::format("{:9} {}\n", p.path, p.what);
  return {200, Answer{}.content_type, std::move(text), {}};
}

Answer Pages::Live() const {
  const Duration age = about_.since_tick();
  if (age <= kStall) return {200, Answer{}.content_type, "alive\n", {}};
  return Json(
      503, fmt::format(
               R"({{"alive":false,"reason":"stalled","detail":"the pipeline has not judged for {:.1f} s"}})",
               Seconds(age)));
}

Answer Pages::Ready() const {
  const SnapshotPtr snapshot = snapshots_.Read();
  const RoutingAdvice advice = RoutingAdviceOf(*snapshot);
  Answer answer = Json(advice.serving ? 200 : 503, ReadyJson(*snapshot, advice));
  if (advice.weight) {
    answer.headers.emplace_back("X-Load-Balancing-Endpoint-Weight", std::to_string(*advice.weight));
  }
  if (advice.degraded) answer.headers.emplace_back("x-envoy-degraded", "true");
  if (advice.failing) answer.headers.emplace_back("x-envoy-immediate-health-check-fail", "true");
  return answer;
}

Answer Pages::Metrics() const {
  const SnapshotPtr snapshot = snapshots_.Read();
  const MetricsInput input{
      *snapshot, traffic_, about_.version, about_.started_at, Seconds(about_.since_tick()), about_.cost()};
  return {200, std::string(Exposition::kContentType), MetricsText(input), {}};
}

Answer Pages::VerdictPage() const { return Json(200, VerdictJson(*snapshots_.Read())); }

std::string Pages::AgentLine() const { return web::AgentLine(RoutingAdviceOf(*snapshots_.Read())); }

}  // namespace candor::web
