#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::agent::manual {

/// What the pages say beyond --help: a file of docs/manual. docs/manual/README.md tells its form.
class Prose {
 public:
  /// `file` is for errors.
  static Result<Prose> parse(std::string_view text, std::string file);

  /// The text of a section, or of an entry in it ("Fl -store"); empty where there is none.
  std::string take(std::string_view section, std::string_view entry = {});

  /// What stands behind the entries of a section.
  std::string take_end(std::string_view section);

  /// What nobody took: it speaks of something that is not there.
  Result<void> all_taken() const;

 private:
  struct Piece {
    std::string section;
    std::string entry;
    std::string text;
    std::size_t line = 0;
    bool is_end = false;
    bool is_taken = false;
  };
  class Reader;

  std::string take_piece(std::string_view section, std::string_view entry, bool is_end);

  std::string file_;
  std::vector<Piece> pieces_;
};

}  // namespace ot::agent::manual
