global using Mintmark.Yaml;
