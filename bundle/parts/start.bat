@echo off
chcp 65001 >nul
title xingfu
if not exist "%~dp0python\python.exe" (
  echo 缺少 Python：请看“说明 README.txt”第 2 条。
  echo Python is missing: see step 2 of README.txt.
  pause
  exit /b 5
)
> "%~dp0python\python{dotted}._pth" (
  echo python{dotted}.zip
  echo .
  echo ..\lib
)
"%~dp0python\python.exe" "%~dp0lib\start.py"
if errorlevel 1 pause
