#pragma once

#include <cstdint>
#include <string_view>

namespace ot::parsers::step7 {

struct Line {
  std::string_view text;     ///< without the line end and the blanks before it
  std::uint64_t number = 0;  ///< from 1
  bool lenient = false;      ///< its strings escape quotes with a backslash
  bool broken = false;       ///< a quote has no partner, in this line or near it
};

/// Cuts a text into lines; a quoted string that runs over several makes them one.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  /// False at the end of the text.
  bool next(Line& line);

  /// Takes the next line if it is plainly KEY "value": nine lines of ten are, and
  /// this finds out without looking at any byte twice. Else it takes nothing.
  bool next_attribute(std::string_view& key, std::string_view& value);

  /// Takes the next line if it starts so, ends in a quote and all its quotes have
  /// partners: a symbol or a parameter. Else it takes nothing.
  bool skip_quoted(std::string_view start);

  /// The line comes again at the following next().
  void put_back(const Line& line);

  /// The last line has no line end: the file may be cut off in it.
  bool last_is_open() const;

 private:
  std::string_view peek_physical() const;
  void take_physical(std::string_view line);
  void read_physical(Line& line);
  void join_while_open(Line& line);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
  Line again_;
  bool has_again_ = false;
};

}  // namespace ot::parsers::step7
