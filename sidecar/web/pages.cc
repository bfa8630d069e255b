// SPDX-License-Identifier: Apache-2.0
#include "web/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_quote.h"
#include "serve/verdict_json.h"
#include "status/server_view.h"
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

// "/readyz/janus.service" -> "/readyz"; empty for other paths.
std::string_view PageOf(std::string_view path) {
  for (const std::string_view page : {"/readyz", "/healthz", "/verdict"}) {
    if (path.size() > page.size() && path.starts_with(page) && path[page.size()] == '/') return page;
  }
  return {};
}

std::string ReadyJson(const Snapshot& snapshot, const RoutingAdvice& advice) {
  const Verdict shown = snapshot.shown();
  const std::string server =
      snapshot.server.empty() ? "" : fmt::format(R"("server":{},)", JsonQuoted(snapshot.server));
  return fmt::format(
      R"({{{}"serving":{},"state":{},"reason":{},"detail":{},"remediation":{},"cause":{},"self_report":{},"sees":{},"sequence":{}}})",
      server, advice.serving, JsonQuoted(Name(shown.state)), JsonQuoted(shown.reason),
      JsonQuoted(shown.detail), JsonQuoted(shown.remediation), JsonQuoted(shown.cause.code),
      JsonQuoted(Name(snapshot.self.answer)), IsObserving(snapshot.source), snapshot.sequence);
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
      {"/servers", &Pages::Servers,
       "the node's media servers, as JSON; /readyz/NAME and /verdict/NAME are of one"},
  };
  return pages;
}

Answer Pages::Respond(std::string_view method, std::string_view target) {
  const std::string_view path = PathOf(target);
  Answer answer = Find(method, path);
  Count(path, answer.status);
  return answer;
}

// /readyz/NAME, /healthz/NAME and /verdict/NAME.
std::optional<Answer> Pages::FindServerPage(std::string_view method, std::string_view path) const {
  const std::string_view page = PageOf(path);
  if (page.empty()) return std::nullopt;
  if (method != "GET" && method != "HEAD") return std::nullopt;
  const std::string_view name = path.substr(page.size() + 1);
  const SnapshotPtr node = snapshots_.Read();
  const SnapshotPtr server = name.empty() ? nullptr : ViewOf(node, name);
  if (!server) return Answer{404, Answer{}.content_type, UnknownServerMessage(*node, name) + "\n", {}};
  return page == "/verdict" ? Json(200, VerdictJson(*server)) : ReadyOf(*server);
}

Answer Pages::Find(std::string_view method, std::string_view path) const {
  if (auto answer = FindServerPage(method, path)) return *std::move(answer);
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

// The pages of servers are counted together, so that the labels stay bounded.
void Pages::Count(std::string_view path, int status) {
  if (const std::string_view page = PageOf(path); !page.empty()) {
    ++traffic_.requests[{std::string(page) + "/*", status}];
    return;
  }
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

Answer Pages::ReadyOf(const Snapshot& snapshot) const {
  const RoutingAdvice advice = RoutingAdviceOf(snapshot);
  Answer answer = Json(advice.serving ? 200 : 503, ReadyJson(snapshot, advice));
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

Answer Pages::Servers() const {
  const SnapshotPtr snapshot = snapshots_.Read();
  std::string list;
  for (const ServerStatus& s : snapshot->servers) {
    const Snapshot view = OfServer(*snapshot, s, false);
    const Verdict shown = view.shown();
    list += fmt::format(
        R"({}{{"name":{},"serving":{},"state":{},"reason":{},"share":{:.4f},"drives":{},"gone":{},"cgroup":{}}})",
        list.empty() ? "" : ",", JsonQuoted(s.name), s.serving, JsonQuoted(Name(shown.state)),
        JsonQuoted(shown.reason), s.share, s.drives, s.gone, JsonQuoted(s.cgroup));
  }
  return Json(200, "{\"servers\":[" + list + "]}");
}

std::string Pages::AgentLine(std::string_view server) const {
  const SnapshotPtr view = ViewOf(snapshots_.Read(), server, false);
  return view ? web::AgentLine(RoutingAdviceOf(*view)) : "unknown-server";
}

}  // namespace candor::web
