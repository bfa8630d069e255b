// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_usability.h"

#include <fmt/format.h>

#include "cli/offline/replay_encapsulations.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

std::string NodeText(const NodeAddresses& node) {
  std::string text;
  for (const IpAddress& a : node.addresses()) text += (text.empty() ? "" : ", ") + a.ToString();
  for (const IpPrefix& p : node.networks()) text += (text.empty() ? "" : ", ") + p.ToString();
  return text;
}

std::string Suggestions(const TopTalkers& others) {
  const auto top = others.Top(5);
  if (top.empty()) return "";
  std::string text = "  the addresses with the most packets; the node's is usually the first:\n";
  for (const TopTalkers::Row& row : top) {
    text += fmt::format("    --node {:<39}  {} packets\n", row.address.ToString(), row.packets);
  }
  return text;
}

std::string NotOfNode(const FileSource& source, const std::string& node) {
  const IntakeCounts& n = source.counts();
  if (n.captured == 0) return "the capture holds no packets: there were none, or its filter excluded them\n";
  std::string text = n.captured == 1
                         ? fmt::format("the only packet is not from or to --node {}\n", node)
                         : fmt::format("none of {} packets is from or to --node {}\n", n.captured, node);
  if (n.unknown_link > 0) {
    text += fmt::format("  {} packets are of link type {}, which is not read\n", n.unknown_link,
                        source.intake().unknown_link_type());
  }
  if (n.cut > 0) {
    text += fmt::format("  {} packets were cut before the end of their IP header: tcpdump -s 200 or more\n",
                        n.cut);
  }
  text += RenderEncapsulations(n.encapsulations, 2);
  if (n.tunnel_endpoints > 0) {
    text +=
        fmt::format("  --node is an outer address of {} packets: give the node's address inside the tunnel\n",
                    n.tunnel_endpoints);
  }
  return text + Suggestions(source.intake().others());
}

std::string NoPayload(const FileSource& source, const std::string& node) {
  const PayloadTruncation& p = source.counts().payload;
  return fmt::format(
      "the capture holds no payload: of {} UDP packets of --node {}, {} were cut before their payload and {} "
      "inside it\n  capture more of each packet: tcpdump -s 200 or more\n",
      p.Short() + p.complete, node, p.none, p.cut);
}

std::string OneDirection(const FileSource& source, const std::string& node) {
  const IntakeCounts& n = source.counts();
  const CaptureAsymmetry flows = source.Asymmetry();
  const bool silent = n.out == 0;
  std::string text = fmt::format(
      "no packet {} the node is in this capture: all {} packets of --node {} {}\n"
      "  only one direction was captured (a mirror or a tap of one side, a filter with 'src' or 'dst')",
      silent ? "from" : "to", n.of_node, node, silent ? "are to it" : "are from it");
  const uint64_t lacking = silent ? flows.missing_out : flows.missing_in;
  if (lacking > 0) {
    text += fmt::format(": on {} of {} flows {} sent what follows only an answer", lacking, flows.flows,
                        silent ? "the peer" : "the node");
  }
  return text + "\n";
}

}  // namespace

const char* JsonName(Unusable why) {
  switch (why) {
    case Unusable::kNotOfNode:
      return "not_of_node";
    case Unusable::kNoUdp:
      return "no_udp";
    case Unusable::kNoPayload:
      return "no_payload";
    case Unusable::kOneDirection:
      return "one_direction";
  }
  return "";
}

std::optional<Unusable> WhyUnusable(const FileSource& source) {
  const IntakeCounts& n = source.counts();
  if (n.of_node == 0) return Unusable::kNotOfNode;
  if (n.payload.IsShort(IntakeCounts::kMaxShortShare)) return Unusable::kNoPayload;
  if (source.Health().counters[CANDOR_C_PACKETS] == 0) return Unusable::kNoUdp;
  const bool answers_missing = n.out == 0 && source.Asymmetry().missing_out > 0;
  if (n.in == 0 || answers_missing) return Unusable::kOneDirection;
  return std::nullopt;
}

std::string ExplainUnusable(Unusable why, const FileSource& source) {
  const std::string node = NodeText(source.intake().node());
  std::string what = "NOTHING WAS JUDGED: ";
  switch (why) {
    case Unusable::kNotOfNode:
      return what + NotOfNode(source, node);
    case Unusable::kNoUdp:
      return what +
             fmt::format("of {} packets of {} none is UDP on the node's --ports\n", source.counts().of_node,
                         node) +
             RenderEncapsulations(source.counts().encapsulations, 2);
    case Unusable::kNoPayload:
      return what + NoPayload(source, node);
    case Unusable::kOneDirection:
      return what + OneDirection(source, node);
  }
  return what;
}

}  // namespace candor::cli
