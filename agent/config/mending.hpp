#pragma once

#include <string>

#include "agent/config/access.hpp"

namespace ot::agent {

// The command lines that give an account what it was refused. Of two ways the
// one is chosen that opens less to others: an access list where the file system
// has them, else the mode. `path` has no links; `refused` is the part of it
// that said no.

/// To read a folder with all that is in it now and later.
std::string let_read_folder(const Account& account, const std::string& path,
                            const std::string& refused);

/// To read one file.
std::string let_read_file(const Account& account, const std::string& path,
                          const std::string& refused);

/// To have a secret for itself: an access list would show as a mode that lets the group
/// in, and such a file is not taken.
std::string own_secret(const Account& account, const std::string& path, const std::string& refused);

/// To pass through a folder.
std::string let_enter(const Account& account, const std::string& path);

/// To make files in a folder.
std::string let_make_files(const Account& account, const std::string& path,
                           const std::string& refused);

/// A folder of its own, made if it is not there.
std::string own_folder(const Account& account, const std::string& path);

/// To open a device.
std::string let_use_device(const Account& account, const std::string& path);

/// As one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace ot::agent
