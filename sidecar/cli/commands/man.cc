// SPDX-License-Identifier: Apache-2.0
//
// Manual pages, made from what --help says.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "cli/candorctl.h"
#include "cli/commands/commands.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    "Answers: where are the manual pages? Prints candorctl(1), or the page of one command; with --folder "
    "writes\n"
    "all of them.\n"
    "\n"
    "Example:    candorctl man drain | man -l -\n"
    "            candorctl man --folder /usr/local/share/man/man1\n"
    "JSON:       none; -o is ignored\n"
    "Exit codes: 0 printed; 1 bad arguments or no such command; 3 the folder cannot be written";

// Text as roff takes it literally: backslashes and leading dots mean something there, dashes would turn into
// hyphens that nobody can paste.
std::string Escaped(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string PageOf(const std::string& title, const std::string& about, const std::string& help,
                   const std::string& see_also) {
  std::string upper = title;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return ".TH " + upper + " 1 \"\" \"candor " CANDOR_VERSION "\" \"Candor\"\n.SH NAME\n" + Escaped(title) +
         " \\- " + Escaped(about) + "\n.SH DESCRIPTION\n.nf\n" + Escaped(help) + "\n.fi\n.SH SEE ALSO\n" +
         Escaped(see_also) + "\n";
}

struct Page {
  std::string command;  // empty: candorctl itself
  std::string file, text;
};

std::vector<Page> AllPages() {
  std::vector<Page> pages;
  VisitParser([&](const CLI::App& app) {
    std::string others;
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* command : commands) {
      others += (others.empty() ? "" : ", ") + ("candorctl-" + command->get_name() + "(1)");
    }
    pages.push_back(
        {"", "candorctl.1", PageOf("candorctl", "asks the candord of one media node", app.help(), others)});
    for (const CLI::App* command : commands) {
      const std::string title = "candorctl-" + command->get_name();
      pages.push_back(
          {command->get_name(), title + ".1",
           PageOf(title, command->get_description(), command->help("candorctl"), "candorctl(1)")});
    }
  });
  return pages;
}

int WriteAll(const std::string& folder, Session& session) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  for (const Page& page : AllPages()) {
    const std::string path = folder + "/" + page.file;
    std::ofstream file(path, std::ios::binary);
    file << page.text << std::flush;
    if (!file) {
      session.err << "candorctl: cannot write " << path << "\n";
      return kExitRpc;
    }
  }
  return kExitOk;
}

int RunMan(const std::string& command, const std::string& folder, Session& session) {
  if (!folder.empty()) return WriteAll(folder, session);
  for (const Page& page : AllPages()) {
    if (page.command != command) continue;
    session.out << page.text;
    return kExitOk;
  }
  session.err << "candorctl: there is no such command; candorctl --help names them\n";
  return kExitArguments;
}

}  // namespace

Command ManCommand() {
  return {"man", "Prints a manual page.", kHelp,
          [](CLI::App& app) -> Command::Run {
            const auto command = std::make_shared<std::string>();
            const auto folder = std::make_shared<std::string>();
            auto* name = app.add_option("command", *command, "of candorctl; without it candorctl itself");
            app.add_option("--folder", *folder, "write all pages there instead")->excludes(name);
            return [command, folder](Session& session) { return RunMan(*command, *folder, session); };
          },
          true};
}

}  // namespace candor::cli
