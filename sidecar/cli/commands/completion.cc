// SPDX-License-Identifier: Apache-2.0
//
// Completion scripts, made from the parser of the command line.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.h"

namespace candor::cli {
namespace {

constexpr const char* kHelp =
    R"(Answers: how does my shell complete candorctl's commands and flags?

Example:    candorctl completion bash > /etc/bash_completion.d/candorctl
            candorctl completion zsh > /usr/local/share/zsh/site-functions/_candorctl
            candorctl completion fish > ~/.config/fish/completions/candorctl.fish
JSON:       none; -o is ignored
Exit codes: 0 printed; 1 bad arguments)";

std::vector<std::string> FlagsOf(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// In single quotes of all three shells.
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void Bash(const CLI::App& app, std::ostream& out) {
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(app)) names.push_back(command->get_name());
  out << "# bash completion of candorctl\n"
         "_candorctl() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} command= word\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in\n";
  out << "      ";
  for (size_t i = 0; i < names.size(); ++i) out << (i == 0 ? "" : " | ") << names[i];
  out << ") command=$word; break ;;\n    esac\n  done\n  case $command in\n";
  for (const CLI::App* command : CommandsOf(app)) {
    out << "    " << command->get_name() << ") words=" << Quoted(Joined(FlagsOf(*command))) << " ;;\n";
  }
  out << "    *) words=" << Quoted(Joined(names)) << " ;;\n  esac\n"
      << "  mapfile -t COMPREPLY < <(compgen -W \"$words " << Joined(FlagsOf(app)) << "\" -- \"$current\")\n"
      << "}\ncomplete -o default -F _candorctl candorctl\n";
}

void Zsh(const CLI::App& app, std::ostream& out) {
  out << "#compdef candorctl\n_candorctl() {\n  local -a commands flags\n  commands=(\n";
  for (const CLI::App* command : CommandsOf(app)) {
    out << "    " << Quoted(command->get_name() + ":" + command->get_description()) << "\n";
  }
  out << "  )\n  local command=${words[(r)";
  bool first = true;
  for (const CLI::App* command : CommandsOf(app)) {
    out << (first ? "(" : "|") << command->get_name();
    first = false;
  }
  out << ")]}\n  case $command in\n";
  for (const CLI::App* command : CommandsOf(app)) {
    out << "    " << command->get_name() << ") flags=(" << Joined(FlagsOf(*command)) << ") ;;\n";
  }
  out << "    *) _describe command commands ;;\n  esac\n  flags+=(" << Joined(FlagsOf(app)) << ")\n"
      << "  compadd -- $flags\n  [[ -n $command ]] && _files\n}\n_candorctl \"$@\"\n";
}

void FishFlags(const CLI::App& app, const std::string& condition, std::ostream& out) {
  for (const CLI::Option* option : app.get_options()) {
    out << "complete -c candorctl" << condition;
    for (const std::string& name : option->get_lnames()) out << " -l " << name;
    for (const std::string& name : option->get_snames()) out << " -s " << name;
    if (option->get_lnames().empty() && option->get_snames().empty()) out << " -F";
    out << " -d " << Quoted(option->get_description()) << "\n";
  }
}

void Fish(const CLI::App& app, std::ostream& out) {
  out << "# fish completion of candorctl\ncomplete -c candorctl -f\n";
  FishFlags(app, "", out);
  for (const CLI::App* command : CommandsOf(app)) {
    out << "complete -c candorctl -n __fish_use_subcommand -a " << command->get_name() << " -d "
        << Quoted(command->get_description()) << "\n";
    FishFlags(*command, " -n '__fish_seen_subcommand_from " + command->get_name() + "'", out);
  }
}

int RunCompletion(const CLI::App& app, const std::string& shell, Session& session) {
  if (shell == "bash") Bash(app, session.out);
  if (shell == "zsh") Zsh(app, session.out);
  if (shell == "fish") Fish(app, session.out);
  return kExitOk;
}

}  // namespace

Command CompletionCommand() {
  return {"completion", "Prints a script that makes a shell complete commands and flags.", kHelp,
          [](CLI::App& app) -> Command::Run {
            const auto shell = std::make_shared<std::string>();
            app.add_option("shell", *shell, "bash, zsh or fish")
                ->required()
                ->check(CLI::IsMember({"bash", "zsh", "fish"}));
            return
                [&app, shell](Session& session) { return RunCompletion(*app.get_parent(), *shell, session); };
          },
          true};
}

}  // namespace candor::cli
