#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ot::agent::manual {

/// What may stand behind an option, or as an argument; it decides what a shell offers.
enum class Value : std::uint8_t {
  none,  ///< of a flag
  text,
  words,  ///< one of those that are listed, and nothing else
  some,   ///< one of those that are listed, or a text
  list,   ///< some of them, with commas
  file,   ///< or a folder
  folder,
  device,  ///< an address, or a serial device
};

/// An option, or an argument: that has no dashes and its place.
struct Option {
  std::string letter;       ///< "h"
  std::string name;         ///< "help"; of an argument "PATH"
  std::string placeholder;  ///< "FILE"
  std::string about;
  Value value = Value::none;
  std::vector<std::string> words;
  std::vector<std::string> excludes;  ///< names of options that can't stand beside it
  bool is_required = false;
  bool repeats = false;
};

struct Command {
  std::string name;  ///< "verify"
  std::string path;  ///< "bundle verify"; of the program itself empty
  std::string about;
  std::string footer;  ///< its own: CLI11 hands that of the command above down
  std::vector<Option> options;
  std::vector<Option> arguments;
  std::vector<Command> commands;
  bool needs_command = false;
};

/// What is declared, without what is hidden from --help.
Command command_tree(CLI::App& app);

/// The program with all of its commands.
Command whole_program();

/// In the order of --help: a command, then all below it. They live as long as the program's.
std::vector<const Command*> all_commands(const Command& program);

}  // namespace ot::agent::manual
