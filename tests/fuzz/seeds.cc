// SPDX-License-Identifier: Apache-2.0
//
// fuzz_seeds CAPTURES OUT: see seeds.h.
#include "seeds.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <vector>

#include "config/config.h"

namespace candor::fuzz {

void SeedFolder::Add(std::string_view target, const Bytes& input) {
  if (!inputs_[std::string(target)].insert(input).second) return;
  const auto folder = folder_ / target;
  std::filesystem::create_directories(folder);
  const auto number = std::to_string(inputs_[std::string(target)].size());
  std::ofstream file(folder / number, std::ios::binary);
  std::copy(input.begin(), input.end(), std::ostreambuf_iterator<char>(file));
  ++written_;
}

void SeedFolder::AddFirst(std::string_view target, const std::string& signature, const Bytes& input) {
  if (signatures_[std::string(target)].insert(signature).second) Add(target, input);
}

void SeedConfig(SeedFolder* out) {
  const std::string printed = PrintConfig(candor::Config{});
  for (const std::string& text : {
           printed,
           printed + printed,
           std::string(
               "source: pcap:eth0\nports: 20000-30000\ntrusted_sources: [192.0.2.0/24, \"2001:db8::7\"]\n"
               "network_bits: {v4: 24, v6: 48}\ndeadline: 12s\npatience: 2s\nhistory: 10\n"),
           std::string("self_report:\n  grpc: unix:/run/node.sock\n  service: \"null\"\n  interval: 2s\n"
                       "listen:\n  grpc: [0.0.0.0:7460, 'unix:/run/candor.sock', \"[::1]:0\"]\n"),
           std::string("steer: {livekit: {redis: ['127.0.0.1:6379'], rooms: all, tls: {enabled: true}}}\n"),
           std::string(
               "cgroup: \"/a \\\"quoted\\\" \\\\ path: #1\"\nblind_policy: not_serving\nlog_level: off\n"),
           std::string("dedline: 5s\nself_report: 3\ndeadline:\nports: [1, 2]\n? [a, b]\n: c\ndeadline: 3\n"),
           std::string("--- # two\ndeadline: &d 20s\n---\npatience: *d\n...\n"),
           std::string("%YAML 1.2\n---\n!!map {deadline: !!str 20s, \"pat\\u0069ence\": >-\n  2s\n}\n"),
       }) {
    out->Add("config", Bytes(text.begin(), text.end()));
  }
}

namespace {

int Run(const std::filesystem::path& captures, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(captures)) {
    if (entry.path().extension() == ".pcap") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  SeedFolder out(folder);
  SeedConfig(&out);
  SeedRows(&out);
  SeedMetrics(&out);
  for (const std::string& file : files) {
    if (SeedFromCapture(file, &out) && SeedCaptureFormats(file, &out)) continue;
    std::fprintf(stderr, "fuzz_seeds: cannot read %s\n", file.c_str());
    return 1;
  }
  std::printf("%zu inputs from %zu captures\n", out.written(), files.size());
  return files.empty() ? 1 : 0;
}

}  // namespace
}  // namespace candor::fuzz

int main(int argc, char** argv) {
  if (argc == 3) return candor::fuzz::Run(argv[1], argv[2]);
  std::fprintf(stderr, "usage: fuzz_seeds CAPTURES OUT\n");
  return 2;
}
