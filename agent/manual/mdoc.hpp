#pragma once

#include <string>
#include <string_view>

// mdoc(7), from plain text.
namespace ot::agent::manual {

/// A paragraph of --help: options, variables, paths, pages and commands in it are marked up, and
/// each sentence begins a line.
std::string filled(std::string_view plain);

/// The same for all paragraphs, that blank lines part.
std::string filled_paragraphs(std::string_view plain);

/// Lines as they are.
std::string displayed(std::string_view plain);

/// One word or more as an argument of a macro.
std::string argument(std::string_view plain);

/// "Read the store" as a sentence, which ends with a full stop.
std::string sentence(std::string_view plain);

}  // namespace ot::agent::manual
