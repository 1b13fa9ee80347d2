#include "agent/manual/command_page.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "agent/manual/help_text.hpp"
#include "agent/manual/mdoc.hpp"
#include "agent/manual/option_text.hpp"

namespace ot::agent::manual {
namespace {

/// Where --help's own words go among those of docs/manual; else they come first.
constexpr std::string_view kHelpHere = ".\\\" --help\n";

/// "Read project files": "read project files", as the line of a name is.
std::string lower_first(std::string text) {
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

std::string with_help(const std::string& prose, const std::string& footer) {
  const auto help = filled_paragraphs(help_text_of(footer).prose);
  const auto at = prose.find(kHelpHere);
  if (at == prose.npos) {
    return joined(help, prose);
  }
  return joined(joined(prose.substr(0, at), help), prose.substr(at + kHelpHere.size()));
}

std::string examples_of(const Command& command) {
  const auto examples = help_text_of(command.footer).examples;
  auto text = examples.empty()
                  ? std::string()
                  : fmt::format(".Bd -literal -offset 2n\n{}.Ed\n", displayed(examples));
  for (const auto& inner : command.commands) {
    text += command.path.empty() ? "" : examples_of(inner);
  }
  return text;
}

/// One command with its own: what is said at length of an option everywhere is said once a page.
class Describer {
 public:
  Describer(Prose& prose, Prose& shared) : prose_(prose), shared_(shared) {}

  /// `section` is where the file of the page speaks of them. Those that every command has come
  /// last, once a page.
  std::string options(const Command& command, const std::string& section, bool is_inner) {
    TagList list;
    for (const auto& argument : command.arguments) {
      list.add(usage_of_argument(argument),
               said_of(argument, section, entry_of_argument(argument)));
    }
    for (const bool everywhere : {false, true}) {
      for (const auto& option : command.options) {
        if (is_everywhere(option) == everywhere && !(everywhere && is_inner)) {
          const auto letter = option.letter.empty() ? "" : fmt::format("Fl {} , ", option.letter);
          list.add(letter + usage_of(option), said_of(option, section, entry_of(option)));
        }
      }
    }
    return list.text();
  }

  std::string inner_commands(const Command& command) {
    std::string text;
    for (const auto& inner : command.commands) {
      auto body = joined(sentence(inner.about), with_help(prose_.take(inner.path), inner.footer));
      body = joined(body, options(inner, inner.path, true));
      text += fmt::format(".Ss {}\n{}", argument(inner.path),
                          joined(body, prose_.take_end(inner.path)));
    }
    return text;
  }

 private:
  std::string said_of(const Option& option, const std::string& section, const std::string& entry) {
    const auto own = prose_.take(section, entry);
    if (!own.empty()) {
      return about(option, own);
    }
    const auto everywhere = shared_.take("OPTIONS", entry);
    const bool is_long = std::count(everywhere.begin(), everywhere.end(), '\n') > 2;
    const bool is_said = !said_.insert(entry).second;
    return about(option, is_long && is_said ? "" : everywhere);
  }

  Prose& prose_;
  Prose& shared_;
  std::set<std::string> said_;
};

std::string synopses_of(const Command& command) {
  std::string text = command.needs_command ? "" : synopsis_of(command);
  for (const auto& inner : command.commands) {
    text += synopsis_of(inner);
  }
  return text;
}

void add_last_sections(Page& page, const Command& command, Prose& prose) {
  page.section("ENVIRONMENT", prose.take("ENVIRONMENT"));
  page.section("FILES", prose.take("FILES"));
  const auto own_exits = prose.take("EXIT STATUS");
  const std::string all_exits = "The others are those of every command, in\n.Xr rackscout 1 .\n";
  page.section("EXIT STATUS", command.path.empty() ? own_exits
                              : own_exits.empty() ? "That of every command, in\n.Xr rackscout 1 .\n"
                                                  : joined(own_exits, all_exits));
  page.section("EXAMPLES", joined(examples_of(command), prose.take("EXAMPLES")));
  page.see_also();
  page.section("CAVEATS", prose.take("CAVEATS"));
}

}  // namespace

std::string page_name(const Command& command) {
  return command.path.empty() ? "rackscout" : "rackscout-" + command.path;
}

Page program_page(const Command& program, Prose& prose, const Edition& edition) {
  auto nd = prose.take("NAME");
  nd.resize(std::min(nd.find('\n'), nd.size()));
  Page page("rackscout", '1', nd, edition);
  page.section("SYNOPSIS",
               ".Nm\n.Ar COMMAND\n.Op Ar OPTIONS\n.Op Ar ARGUMENTS\n"
               ".Nm\n.Fl \\-help | \\-version\n");
  page.section("DESCRIPTION",
               joined(filled(program.about), with_help(prose.take("DESCRIPTION"), program.footer)));
  TagList commands;
  for (const auto& command : program.commands) {
    commands.add(fmt::format("Xr {} 1", page_name(command)), sentence(command.about));
  }
  page.section("COMMANDS", commands.text("rackscout-list-parsers(1)"));
  Describer describer(prose, prose);
  page.section("OPTIONS", describer.options(program, "OPTIONS", false));
  add_last_sections(page, program, prose);
  return page;
}

Page command_page(const Command& command, Prose& prose, Prose& shared, const Edition& edition) {
  Page page(page_name(command), '1', lower_first(command.about), edition);
  page.section("SYNOPSIS", synopses_of(command));
  page.section("DESCRIPTION", joined(with_help(prose.take("DESCRIPTION"), command.footer), {}));
  Describer describer(prose, shared);
  page.section("OPTIONS", describer.options(command, "OPTIONS", false));
  page.section("COMMANDS", describer.inner_commands(command));
  add_last_sections(page, command, prose);
  return page;
}

}  // namespace ot::agent::manual
