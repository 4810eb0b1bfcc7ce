// dynalite ends with the first request that is cut short. Clients are killed here on purpose; it has to outlive them.
process.on('uncaughtException', (error) => {
  if (error.code !== 'ECONNRESET') {
    console.error(error)
    process.exit(1)
  }
})
