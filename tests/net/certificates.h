// SPDX-License-Identifier: Apache-2.0
//
// Certificates made by openssl(1), so that none in the tree can expire: "one" and "two" are valid, "short"
// has an RSA key of 512 bits, "ended" expired yesterday. Each is self-signed for localhost and its own CA.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "net/tls_pair.h"

namespace candor {

// One object of a test program, constructed before main(): under candord's filter of system calls no program
// runs.
class Certificates {
 public:
  Certificates() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    const std::string ec = "ec -pkeyopt ec_paramgen_curve:prime256v1";
    made_ = Make("one", ec) && Make("two", ec) && Make("short", "rsa:512") && MakeEnded("ended");
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  bool made() const { return made_; }
  std::string Path(const std::string& file) const { return folder_ + "/" + file; }
  std::string Text(const std::string& file) const {
    std::ostringstream text;
    text << std::ifstream(Path(file)).rdbuf();
    return text.str();
  }
  // The files of `Files()`. By read() and write(): copy_file() has system calls of its own, which the filter
  // refuses.
  void Use(const std::string& certificate, const std::string& key) const {
    Copy(certificate + ".crt", "tls.crt");
    Copy(key + ".key", "tls.key");
  }
  void Use(const std::string& name) const { Use(name, name); }
  void Copy(const std::string& from, const std::string& to) const {
    const std::string text = Text(from);
    std::ofstream(Path(to)) << text;
  }
  TlsOptions Files() const { return {Path("tls.crt"), Path("tls.key"), ""}; }

 private:
  bool Make(const std::string& name, const std::string& key) const {
    const std::string command = "openssl req -x509 -newkey " + key + " -nodes -days 2 -subj /CN=" + name +
                                " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
                                Path(name + ".key") + " -out " + Path(name + ".crt") + " 2>/dev/null";
    return std::system(command.c_str()) == 0;
  }
  bool MakeEnded(const std::string& name) const {
    const std::string file = Path(name);
    const std::string request =
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        "-subj /CN=localhost -keyout " +
        file + ".key -out " + file + ".csr 2>/dev/null";
    const std::string sign = "openssl x509 -req -in " + file + ".csr -signkey " + file +
                             ".key -days -1 -out " + file + ".crt 2>/dev/null";
    return std::system((request + " && " + sign).c_str()) == 0;
  }

  std::string folder_;
  bool made_ = false;
};

}  // namespace candor
